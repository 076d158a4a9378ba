"""Runs clang-tidy over the program's own sources, newest commits first, for a limited time.

Tests and benchmarks are left out: Catch's macros give more noise than finds. What does not fit into the time is named
and is no failure; a finding is.

    python3 tidy.py ROOT BUILD_FOLDER [--seconds N] [--jobs N]
"""
import argparse
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import time

# The tree is compiled with GCC, whose warnings are fatal; those of clang, some of them about GCC's own headers, are not.
COMMAND = ["clang-tidy-19", "--quiet", "--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wno-error"]
LEFT_OUT = {"tests", "bench"}
LONGEST = 300  # seconds for one file


def sources(root, build):
    commands = json.loads((build / "compile_commands.json").read_text())
    files = {pathlib.Path(entry["file"]).resolve() for entry in commands}
    return {str(file.relative_to(root)) for file in files
            if file.suffix == ".cpp" and root in file.parents and file.relative_to(root).parts[0] not in LEFT_OUT | {build.name}}


def newest_first(root, names):
    """What is not committed yet, then by the last commit that touched it; without git, by name."""
    order = []
    for arguments in (["diff", "--name-only", "HEAD"], ["log", "--format=", "--name-only", "-n", "500"]):
        try:
            result = subprocess.run(["git", "-c", "safe.directory=*", "-C", str(root), *arguments],
                                    capture_output=True, text=True, check=True)
            order += result.stdout.split("\n")
        except (OSError, subprocess.CalledProcessError):
            pass
    rank = {}
    for name in order:
        rank.setdefault(name, len(rank))
    return sorted(names, key=lambda name: (rank.get(name, len(rank)), name))


def tidy(root, build, name, deadline):
    """(name, 'clean', 'found' or 'skipped', output)"""
    left = deadline - time.monotonic()
    if left <= 0:
        return name, "skipped", ""
    try:
        done = subprocess.run([*COMMAND, "-p", str(build), str(root / name)], capture_output=True, text=True,
                              timeout=min(left + 30, LONGEST), check=False)
    except subprocess.TimeoutExpired:
        return name, "skipped", ""
    return name, "found" if done.returncode else "clean", done.stdout or done.stderr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=480)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    root, build = arguments.root.resolve(), arguments.build.resolve()

    names = newest_first(root, sources(root, build))
    deadline = time.monotonic() + arguments.seconds
    results = {"clean": [], "found": [], "skipped": []}
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        tasks = [pool.submit(tidy, root, build, name, deadline) for name in names]
        for task in concurrent.futures.as_completed(tasks):
            name, outcome, output = task.result()
            results[outcome].append(name)
            if outcome == "found":
                print(output.replace(f"{root}/", ""), flush=True)
    if results["skipped"]:
        print(f"no time for {len(results['skipped'])}: {' '.join(sorted(results['skipped']))}")
    print(f"{len(names)} files: {len(results['clean'])} clean, {len(results['found'])} with findings")
    # Nothing looked at is not the same as nothing found.
    return 1 if results["found"] or not results["clean"] else 0


if __name__ == "__main__":
    sys.exit(main())
