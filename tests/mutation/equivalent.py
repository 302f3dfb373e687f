"""Faults that change nothing a reader can see, each with its reason (equivalent.yaml).

An entry names a fault by its file, the code of its line, and what is put for what; `nth` tells
which one (from 1) where the file has several that read the same. Belongs here: finding them in the
code as it is. Does not belong here: judging (warm.py), counting (__main__.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.mutation.areas import ROOT
from tests.mutation.operators import Mutant, mutants

LIST = Path(__file__).with_name("equivalent.yaml")


@dataclass(frozen=True)
class Entry:
    """One fault of the list; `why`: a sentence."""

    file: str
    code: str
    old: str
    new: str
    nth: int | None
    why: str

    def fitting(self) -> list[Mutant]:
        """The faults of the code as it is that it names: one, when the entry is right."""
        path = ROOT / self.file
        if not path.exists():
            return []
        text = path.read_text(encoding="utf-8")
        lines = [line.strip() for line in text.splitlines()]
        found = [
            mutant
            for mutant in mutants(path.name, text)
            if (text[mutant.start : mutant.end], mutant.new) == (self.old, self.new)
            and lines[mutant.line(text) - 1] == self.code
        ]
        return found if self.nth is None else found[self.nth - 1 : self.nth]


def entries() -> list[Entry]:
    """The list; a reason that several share is told once, under its name."""
    told = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    shared = told["reasons"]
    return [
        Entry(
            file,
            one["code"],
            str(one["old"]),
            str(one["new"]),
            one.get("nth"),
            shared.get(one["why"], one["why"]),
        )
        for file, faults in told["faults"].items()
        for one in faults
    ]


def equivalents() -> dict[tuple[str, int, str], str]:
    """Why, by file, place in it and what is put there."""
    return {
        (entry.file, mutant.start, mutant.new): entry.why
        for entry in entries()
        for mutant in entry.fitting()
    }
