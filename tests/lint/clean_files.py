"""No tracked file names a folder of the machine it was written on, or the host of a package registry.

Files that have grown long are named, and are no fault.

    python3 clean_files.py ROOT
"""
import pathlib
import re
import sys

import source_tree

# One letter of each in brackets, so that this file does not find itself.
PATTERNS = [
    (re.compile(r"(?<![\w./-])/(?:h[o]me|Us[e]rs)/[\w.-]+"), "a home directory"),
    (re.compile(r"(?<![\w./-])/(?:r[o]ot|w[o]rk|w[o]rkspace|bu[i]lds)(?:/|\b)"), "a folder of a build machine"),
    (re.compile(r"(?<![\w./-])/t[m]p/[\w.-]+"), "a temporary folder by a fixed name"),
    (re.compile(r"(?<!\w)\.l[i]brary/"), "a folder of a build machine"),
    (re.compile(r"\b(?:registry\.npm[j]s\.org|registry\.yarn[p]kg\.com|files\.pythonh[o]sted\.org|p[y]pi\.org|"
                r"proxy\.g[o]lang\.org|index\.cr[a]tes\.io|[\w.-]+\.p[k]g\.dev|[\w.-]*artif[a]ctory[\w-]*\.[\w.-]+)"),
     "the host of a package registry"),
]
LONG = {".cpp": 400, ".hpp": 300, ".py": 400}
MAX_BYTES = 2 * 1024 * 1024


def faults(text):
    """(line, what it names) of every match."""
    found = []
    for pattern, what in PATTERNS:
        for match in pattern.finditer(text):
            found.append((text.count("\n", 0, match.start()) + 1, f"names {what}: {match.group()}"))
    return sorted(found)


def main(root):
    count = bad = 0
    for path in source_tree.tracked(root):
        name = path.relative_to(root)
        count += 1
        if path.stat().st_size > MAX_BYTES:
            print(f"{name}: warning: {path.stat().st_size // 1024} KiB, not read")
            continue
        text = source_tree.read(path)
        for line, what in faults(text):
            print(f"{name}:{line}: error: {what}")
            bad += 1
        lines = text.count("\n")
        if lines > LONG.get(path.suffix, lines):
            print(f"{name}: warning: {lines} lines; could it be two files?")
    print(f"{count} files, {bad} faults")
    return 1 if bad or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
