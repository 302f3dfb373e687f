"""Small faults: one word of a file replaced by one that a tired hand would write.

Words inside comments, texts, Jinja, types and Python documentation are left alone, and those that
begin a function: what cannot be parsed any more proves no test. So are flags that no answer can
depend on, which the text alone says (`_NO_FAULT`). A fault that changes nothing for a reason that
lies elsewhere is put all the same (equivalent.yaml names it). Does not belong here: which files,
which tests (areas.py).
"""

from __future__ import annotations

import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

# A comparison moved by one, a sum turned round, an end taken for the other.
_SWAPS = {
    "<=": "<", "<": "<=", ">=": ">", ">": ">=", "=": "<>", "<>": "=", "==": "!=", "!=": "==",
    "+": "-", "-": "+", "*": "+", "//": "*",
    "and": "or", "or": "and",
    "min": "max", "max": "min", "least": "greatest", "greatest": "least",
    "arg_min": "arg_max", "arg_max": "arg_min", "bool_or": "bool_and", "bool_and": "bool_or",
    "asc": "desc", "desc": "asc", "preceding": "following", "true": "false", "false": "true",
    "True": "False", "False": "True", "any": "all", "all": "any", "left": "inner",
    "round": "trunc", "floor": "ceil", "ceil": "floor", "first": "last",
}  # fmt: skip
# Whole phrases of SQL, before words.
_PHRASES = {
    "is not null": "is null",
    "is null": "is not null",
    "not in": "in",
    "inner join": "left join",
    "union all": "union",
    "not between": "between",
    "is not distinct from": "is distinct from",
}
# Flags of a call that speak to who writes the code: turned round, correct code does what it did.
# `frozen` and `slots` refuse an assignment that is written nowhere (it would raise), `repr` is what
# a debugger shows, `compare` of a field leaves out what the other fields decide already, `strict`
# refuses lists of different lengths. Turned the other way, each would be a fault that shows.
_NO_FAULT = {
    ("dataclass", "frozen", "True"), ("dataclass", "slots", "True"), ("field", "repr", "False"),
    ("field", "compare", "False"), ("zip", "strict", "True"),
}  # fmt: skip
_SQL_WORD = re.compile(
    r"(?P<skip>--[^\n]*|create or replace|decimal\(\d+, ?\d+\)|"
    r"/\*.*?\*/|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|'(?:[^']|'')*'|\"[^\"]*\")"
    r"|(?P<phrase>is not distinct from|is not null|is null|not in|not between|inner join|union all)"
    r"|(?P<sign><=|>=|<>|:=|//|::|->|=>|[<>=+*-])"
    r"|(?P<number>(?<![\w.])\d+(?![\w.]))"
    r"|(?P<word>[a-z_][a-z_0-9]*)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Mutant:
    """One fault: `new` in place of what stands between two places of a text."""

    start: int
    end: int
    new: str

    def applied(self, text: str) -> str:
        """The text with the fault."""
        return text[: self.start] + self.new + text[self.end :]

    def line(self, text: str) -> int:
        """The line it stands on, from 1."""
        return text.count("\n", 0, self.start) + 1


def mutants(name: str, text: str) -> list[Mutant]:
    """Every fault that can be put into a file, by its name."""
    return list(_of_sql(text) if name.endswith(".sql") else _of_python(text))


def _of_sql(text: str) -> Iterator[Mutant]:
    for found in _SQL_WORD.finditer(text):
        kind, word = found.lastgroup, found.group()
        if kind == "phrase":
            yield Mutant(found.start(), found.end(), _PHRASES[word])
        elif kind == "number":
            yield Mutant(found.start(), found.end(), str(int(word) + 1))
        elif word in _SWAPS and not (_is_star if kind == "sign" else _is_name)(text, found):
            yield Mutant(found.start(), found.end(), _SWAPS[word])


def _is_star(text: str, found: re.Match[str]) -> bool:
    """`select *`, `count(*)` and a minus that only marks a sign are no arithmetic."""
    before = text[: found.start()].rstrip()
    return (found.group() in "*-+" and before.endswith(("(", ",", "select", "."))) or (
        found.group() == "=" and before.endswith(":")
    )


def _is_name(text: str, found: re.Match[str]) -> bool:
    """A column or an alias that is called like a function, and `group by all`."""
    before = text[: found.start()].rstrip()
    after = text[found.end() :].lstrip()
    is_function = found.group() in (
        "min", "max", "least", "greatest", "arg_min", "arg_max", "bool_or", "bool_and", "round",
        "floor", "ceil", "any", "all", "first",
    )  # fmt: skip
    if found.group() == "left":
        return not after.startswith("join")
    if is_function:
        return not after.startswith("(") or before.endswith((".", " as"))
    return before.endswith((".", " as"))


def _of_python(text: str) -> Iterator[Mutant]:
    lines = [0]
    for line in text.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    # What stands before, and the calls that a word stands in.
    earlier = before = ""
    calls: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        start = lines[token.start[0] - 1] + token.start[1]
        end = lines[token.end[0] - 1] + token.end[1]
        word = token.string
        if token.type == tokenize.NUMBER and word.isdigit():
            yield Mutant(start, end, str(int(word) + 1))
        elif token.type == tokenize.OP and word in _SWAPS and word != "=":
            # A sign, or the star of an argument, is no arithmetic.
            if not (word in "+-*" and (before in "([{,=:*" or keyword.iskeyword(before))):
                yield Mutant(start, end, _SWAPS[word])
        elif token.type == tokenize.NAME and word in (
            "and", "or", "True", "False", "min", "max", "any", "all",
        ) and before != ".":  # fmt: skip
            if not (before == "=" and calls and (calls[-1], earlier, word) in _NO_FAULT):
                yield Mutant(start, end, _SWAPS[word])
        elif token.type == tokenize.NAME and word == "not" and before != "is":
            yield Mutant(start, end, "")
        if word in ("(", "[", "{") and token.type == tokenize.OP:
            calls.append(before)
        elif word in (")", "]", "}") and token.type == tokenize.OP:
            calls.pop()
        if token.type not in (tokenize.NL, tokenize.COMMENT, tokenize.NEWLINE):
            earlier, before = before, word
