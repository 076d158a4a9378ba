"""Cuts C++ into tokens with their lines: without comments, directives, attributes and the text of literals."""
import re
from typing import NamedTuple


class Token(NamedTuple):
    text: str
    line: int


PIECES = re.compile(
    r"""
    (?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
  | (?P<raw>(?:u8|[uUL])?R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)")
  | (?P<string>(?:u8|[uUL])?"(?:\\.|[^"\\\n])*")
  | (?P<number>\.?\d(?:'?[\w.]|[eEpP][+-])*)
  | (?P<char>(?:u8|[uUL])?'(?:\\.|[^'\\\n])+')
  | (?P<directive>(?:(?<=\n)|\A)[ \t]*\#(?:\\\n|/\*.*?\*/|[^\n])*)
  | (?P<word>[^\W\d]\w*)
  | (?P<punctuation>::|->\*?|\.\.\.|<=>|&&|\|\||[<>=!+\-*/%&|^]=|\+\+|--|<<|\S)
  """,
    re.VERBOSE | re.DOTALL,
)


def pieces(source):
    """(kind, text, line) of everything but white space."""
    line, at = 1, 0
    for match in PIECES.finditer(source):
        line += source.count("\n", at, match.start())
        at = match.start()
        yield match.lastgroup if match.lastgroup != "mark" else "raw", match.group(), line


def tokens(source):
    found = []
    for kind, text, line in pieces(source):
        if kind in ("comment", "directive"):
            continue
        found.append(Token('""' if kind in ("raw", "string") else "0" if kind == "char" else text, line))
    return without_attributes(found)


def without_attributes(found):
    """[[nodiscard]] and the like; two opening brackets in a row can be nothing else."""
    kept, i = [], 0
    while i < len(found):
        if found[i].text == "[" and i + 1 < len(found) and found[i + 1].text == "[":
            depth = 0
            while i < len(found):
                depth += {"[": 1, "]": -1}.get(found[i].text, 0)
                i += 1
                if depth == 0:
                    break
        else:
            kept.append(found[i])
            i += 1
    return kept


def includes(source):
    """(name as written with its quotes, line) of every #include that is not in a comment."""
    for kind, text, line in pieces(source):
        if kind != "directive":
            continue
        match = re.match(r'\s*#\s*include\s*(<[^>\n]*>|"[^"\n]*")', text)
        if match:
            yield match.group(1), line
