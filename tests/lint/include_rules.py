"""Holds every #include against the order of the folders.

    python3 include_rules.py ROOT
"""
import pathlib
import re
import sys

import cpp_tokens
import source_tree

EVERYTHING = {"*"}

# Folder -> what it may include besides itself. A folder that is not here is an error: give it a place.
ALLOWED = {
    "config": set(),
    "monitor": set(),
    "monitor/text": {"monitor"},
    "monitor/text/train": {"monitor", "monitor/text", "config"},
    "monitor/thread": {"monitor"},
    "monitor/desk": {"monitor", "monitor/text", "monitor/thread"},
    "monitor/line": {"monitor", "monitor/text", "monitor/thread", "monitor/desk"},
    "monitor/replay": {"monitor", "monitor/text", "monitor/thread", "monitor/desk", "monitor/line"},
    "connectors/net": {"monitor"},
    "connectors": {"monitor", "config", "connectors/net"},
    "alerting": {"monitor", "config"},
    "monitor/daemon": {"config", "monitor", "monitor/text", "monitor/text/train", "monitor/thread", "monitor/desk", "monitor/line",
                       "monitor/replay", "connectors", "connectors/net", "alerting"},
    "tests": EVERYTHING,
    "bench": EVERYTHING,
}

# Headers of others that only some folders include: each costs seconds per file, or is a seam that must stay one.
OWNERS = [
    (re.compile(r"boost/beast|boost/asio/ssl"), ["connectors/net", "tests", "bench"], "Beast and TLS"),
    (re.compile(r"openssl/"), ["connectors/net", "alerting", "tests", "bench"], "OpenSSL"),
    (re.compile(r"curl/"), ["connectors/net"], "libcurl"),
    (re.compile(r"toml\+\+/"), ["config"], "toml++"),
    (re.compile(r"phonenumbers/"), ["monitor/text"], "libphonenumber"),
    (re.compile(r"date/"), ["monitor/zone.cpp"], "the time zone library"),
    (re.compile(r"catch2/"), ["tests/support"], 'Catch, but by way of "tests/support/catch.hpp",'),
]
SIGNING = re.compile(r"<openssl/(evp|hmac|crypto|sha|opensslv)\.h>")


def folder_of(name):
    """The longest folder of the table that holds the file; tests and bench are one folder each."""
    parts = pathlib.PurePosixPath(name).parts[:-1]
    if parts and parts[0] in ("tests", "bench"):
        return parts[0]
    return "/".join(parts)


def own_include_fault(folder, written, root):
    if not (root / written).is_file() or ".." in written.split("/"):
        return f'"{written}" is not a file; includes are written from the root of the repository'
    target = folder_of(written)
    allowed = ALLOWED[folder]
    if target == folder or target in allowed or allowed is EVERYTHING:
        return None
    return f'{folder} may not include {target} ("{written}")'


def foreign_include_fault(name, written):
    for pattern, owners, what in OWNERS:
        if pattern.match(written[1:]) and not any(name == owner or name.startswith(owner + "/") for owner in owners):
            return f"only {' and '.join(owners)} may include {what} ({written})"
    if name.startswith("alerting/") and written.startswith("<openssl/"):
        if not name.endswith(".cpp") or not SIGNING.match(written):
            return f"alerting may only sign, and only in a source file ({written})"
    return None


def check_file(path, root):
    name = path.relative_to(root).as_posix()
    source = source_tree.read(path)
    folder = folder_of(name)
    if folder not in ALLOWED:
        return [f"{name}:1: folder {folder or 'of the root'} has no include rule yet"], False
    faults, signs = [], False
    directives = [re.sub(r"\s+", " ", text.strip()) for kind, text, _ in cpp_tokens.pieces(source)
                  if kind == "directive"]
    if path.suffix == ".hpp" and "#pragma once" not in directives:
        faults.append(f"{name}:1: header without #pragma once")
    for written, line in cpp_tokens.includes(source):
        if written.startswith('"'):
            fault = own_include_fault(folder, written.strip('"'), root)
        else:
            fault = foreign_include_fault(name, written)
            signs = signs or (folder == "alerting" and written.startswith("<openssl/"))
        if fault:
            faults.append(f"{name}:{line}: {fault}")
    return faults, signs


def check(root):
    faults, signing = [], []
    for path in source_tree.cpp_files(root):
        found, signs = check_file(path, root)
        faults += found
        signing += [path.relative_to(root).as_posix()] if signs else []
    if len(signing) > 1:
        faults += [f"{name}:1: one file of alerting may include OpenSSL, not {len(signing)}" for name in signing]
    return faults


def main(root):
    faults = check(root)
    for fault in faults:
        print(fault)
    count = len(source_tree.cpp_files(root))
    print(f"{count} files, {len(faults)} faults")
    return 1 if faults or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
