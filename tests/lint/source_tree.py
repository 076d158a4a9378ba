"""Which files the rules look at."""
import pathlib
import subprocess

CPP = {".cpp", ".hpp"}
SKIPPED = {"build", "node_modules", "__pycache__"}


def tracked(root):
    """The files git knows, or, where there is no git, every file outside of build folders."""
    # safe.directory: in a chroot or a container the tree often belongs to another user.
    command = ["git", "-c", "safe.directory=*", "-C", str(root), "ls-files", "-z",
               "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")
        return sorted(path for name in names if name and (path := root / name).is_file())
    except (OSError, subprocess.CalledProcessError):
        return sorted(walk(root))


def walk(folder):
    for path in folder.iterdir():
        if path.name in SKIPPED or path.name.startswith(".git"):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from walk(path)
        elif path.is_file():
            yield path


def cpp_files(root):
    """C++ of ours: not the samples that a rule is tested on."""
    samples = root / "tests" / "lint"
    return [path for path in tracked(root) if path.suffix in CPP and samples not in path.parents]


def read(path):
    return pathlib.Path(path).read_text(encoding="utf-8", errors="replace")
