"""Flags the co_await statements that GCC 12 miscompiles (double free or use after free).

A statement with co_await has no braces, no lambda that captures by value and no conditional operator; name the thing on
the line above and move it in. A lambda that is a coroutine captures nothing, because its captures die with the lambda
object and not with the coroutine (outside of tests, which keep theirs alive). Types are not known here: a harmless
brace of a trivial type is flagged too, which costs one line to avoid.

    python3 co_await_rule.py FILE...
"""
import pathlib
import re
import sys
from typing import NamedTuple

import cpp_tokens
import source_tree

BRACES = "braces in a statement with co_await"
CAPTURE = "by-value capture in a statement with co_await"
CONDITIONAL = "?: in a statement with co_await"
COROUTINE = "lambda coroutine with captures"
MACRO = "co_await in a macro"

AWAITS = {"co_await", "co_yield"}
COROUTINES = AWAITS | {"co_return"}
HEADERS = {"if", "while", "for", "switch", "catch"}
SPECIFIERS = {"mutable", "noexcept", "constexpr", "consteval", "static", "const", "override", "final", "try"}
BLOCKS = {"else", "do", "try", ";", "{", ":"}
TYPES = {"namespace", "class", "struct", "union", "enum", "extern"}
CLOSING = {")": "(", "]": "[", "}": "{"}


class Finding(NamedTuple):
    line: int
    rule: str


class Lambda(NamedTuple):
    """Stands in a statement for a whole lambda."""
    text: str
    line: int
    by_value: bool


def is_word(token):
    return token.text[0].isalnum() or token.text[0] == "_"


class Checker:
    def __init__(self, source, captures_allowed=False):
        self.tokens = cpp_tokens.tokens(source)
        self.captures_allowed = captures_allowed
        self.findings = set()
        for kind, text, line in cpp_tokens.pieces(source):
            if kind == "directive" and re.match(r"\s*#\s*define\b.*\bco_(await|yield)\b", text, re.DOTALL):
                self.findings.add(Finding(line, MACRO))
        self.pairs = self.match_brackets()

    def match_brackets(self):
        """Index of the partner of every bracket. An unbalanced file (two branches of an #if) keeps what matches."""
        pairs, open_brackets = {}, []
        for i, token in enumerate(self.tokens):
            if token.text in "([{":
                open_brackets.append(i)
            elif token.text in CLOSING and open_brackets:
                if self.tokens[open_brackets[-1]].text == CLOSING[token.text]:
                    start = open_brackets.pop()
                    pairs[start], pairs[i] = i, start
        return pairs

    def run(self):
        i = 0
        while i < len(self.tokens):
            i, _ = self.block(i)
            i += 1  # a brace too many
        return sorted(self.findings)

    # --- structure

    def block(self, i):
        """Statements up to the closing brace; its index, and whether they make their function a coroutine."""
        coroutine = False
        while i < len(self.tokens) and self.tokens[i].text != "}":
            i, inside = self.statement(i)
            coroutine = coroutine or inside
        return i, coroutine

    def statement(self, i):
        """One statement or the header of a block, with the block behind it."""
        collected, depth, coroutine = [], 0, False
        while i < len(self.tokens):
            text = self.tokens[i].text
            if depth == 0 and text in (";", "}"):
                i += text == ";"
                break
            if text == "{":
                kind = self.brace(i, depth)
                if kind == "block":
                    i, inside = self.block(i + 1)
                    coroutine = coroutine or (inside and not self.starts_a_function(collected))
                    i += 1
                    break
                if kind == "lambda":
                    i = self.lambda_body(i, collected)
                    continue
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(text, 0)
            collected.append(self.tokens[i])
            i += 1
        return i, self.check(collected) or coroutine

    @staticmethod
    def starts_a_function(header):
        """A local class or its member: its coroutines are not those of the function around it."""
        return any(token.text in TYPES for token in header)

    def lambda_body(self, brace, collected):
        """Checks the body on its own and leaves one word for the lambda in `collected`."""
        opening, closing = self.introducer(brace)
        end, coroutine = self.block(brace + 1)
        captures = self.captures(opening, closing)
        if coroutine and captures and not self.captures_allowed:
            self.findings.add(Finding(self.tokens[opening].line, COROUTINE))
        # What was collected since '[' are the captures, parameters and specifiers.
        while collected and collected.pop() is not self.tokens[opening]:
            pass
        by_value = any(not (c[0] == "&" or c == ["this"]) for c in captures)
        collected.append(Lambda("lambda", self.tokens[opening].line, by_value))
        return end + 1

    def captures(self, opening, closing):
        parts, part, depth = [], [], 0
        for token in self.tokens[opening + 1:closing]:
            if token.text == "," and depth == 0:
                parts.append(part)
                part = []
                continue
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.text, 0)
            part.append(token.text)
        return [p for p in [*parts, part] if p]

    # --- what a brace is

    def brace(self, i, depth):
        """'lambda' (its body), 'block' or 'initialiser'."""
        if self.introducer(i):
            return "lambda"
        if depth > 0:
            return "initialiser"
        if i == 0 or self.tokens[i - 1].text in BLOCKS:
            return "block"
        before = self.tokens[i - 1].text
        if before == "}":  # behind a constructor's list, or behind a block
            return "block"
        if before == ")":
            opening = self.pairs.get(i - 1, 0)
            return "initialiser" if self.tokens[opening - 1].text == "decltype" else "block"
        if before in SPECIFIERS or self.arrow(i) is not None:
            return "block"
        return "block" if self.declares_a_type(i) else "initialiser"

    def declares_a_type(self, i):
        for j in range(i - 1, -1, -1):
            if self.tokens[j].text in ";{}":
                return False
            if self.tokens[j].text in TYPES:
                # struct X { against struct X x{1}; a name for the object makes the difference.
                names = [t.text for t in self.tokens[j + 1:i]]
                return ":" in names or "final" in names or "<" in names or not self.two_names(names)
        return False

    @staticmethod
    def two_names(names):
        return any(a[-1].isalnum() and b[0].isalpha() and a not in ("class", "struct")
                   for a, b in zip(names, names[1:]))

    def arrow(self, i):
        """Index of the -> of a trailing return type that ends just before `i`, or None."""
        angle, j = 0, i - 1
        while j > 0:
            text = self.tokens[j].text
            if text == "->" and angle == 0:
                before = self.tokens[j - 1].text
                return j if before in (")", "]") or before in SPECIFIERS else None
            if text in (")", "]"):
                j = self.pairs.get(j, 0)
            elif text == ">":
                angle += 1
            elif text == "<":
                angle -= 1
            elif text == "," and angle == 0:
                return None
            elif not (is_word(self.tokens[j]) or text in ("::", "&", "&&", "*", ",", "...")):
                return None
            j -= 1
        return None

    def introducer(self, i):
        """(index of [, index of ]) of the lambda whose body opens at `i`, or None."""
        arrow = self.arrow(i)
        j = (i if arrow is None else arrow) - 1
        while j > 0 and self.tokens[j].text in SPECIFIERS:
            j -= 1
        if j > 0 and self.tokens[j].text == ")" and j in self.pairs:
            j = self.pairs[j] - 1
            if self.tokens[j].text == "noexcept":  # noexcept(...)
                return self.introducer(j)
            if self.tokens[j].text == ">":  # []<typename T>(T x)
                while j > 0 and self.tokens[j].text != "<":
                    j -= 1
                j -= 1
        if j < 0 or self.tokens[j].text != "]" or j not in self.pairs:
            return None
        opening = self.pairs[j]
        # a[i] is an index and auto [a, b] a binding; a lambda stands where an expression may begin.
        before = self.tokens[opening - 1] if opening > 0 else None
        if before is not None:
            k = opening - 1
            while k > 0 and self.tokens[k].text in ("&", "&&"):
                k -= 1
            if self.tokens[k].text == "auto":
                return None
            if before.text in (")", "]") or (is_word(before) and before.text not in ("return", "co_return", "co_await", "co_yield")):
                return None
        return opening, j

    # --- the rules

    def check(self, statement):
        """Checks the statement's headers and parts apart; whether it makes its function a coroutine."""
        for part in split(statement):
            if not any(token.text in AWAITS for token in part):
                continue
            for token in part:
                if token.text == "{":
                    self.findings.add(Finding(token.line, BRACES))
                elif token.text == "?":
                    self.findings.add(Finding(token.line, CONDITIONAL))
                elif isinstance(token, Lambda) and token.by_value:
                    self.findings.add(Finding(token.line, CAPTURE))
        return any(token.text in COROUTINES for token in statement)


def split(statement):
    """`if (a) b` is two expressions and `for (a; b; c) d` four."""
    while statement and statement[0].text in ("else", "do"):
        statement = statement[1:]
    if not statement or statement[0].text not in HEADERS:
        return [statement]
    parts, part, depth = [], [], 0
    for i, token in enumerate(statement):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.text, 0)
        part.append(token)
        if depth == 1 and token.text == ";":
            parts.append(part)
            part = []
        if depth == 0 and token.text == ")":
            return [*parts, part, *split(statement[i + 1:])]
    return [*parts, part]


def check(source, captures_allowed=False):
    return Checker(source, captures_allowed).run()


def main(root):
    bad = 0
    files = source_tree.cpp_files(root)
    awaiting = 0
    for path in files:
        source = source_tree.read(path)
        awaiting += "co_await" in source
        name = path.relative_to(root)
        for finding in check(source, captures_allowed=name.parts[0] in ("tests", "bench")):
            print(f"{name}:{finding.line}: error: {finding.rule}")
            bad += 1
    print(f"{len(files)} files, {awaiting} with co_await, {bad} findings")
    # A rule that sees no coroutine in this program looks at the wrong tree.
    return 1 if bad or not awaiting else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
