"""What columns are called and mean in French and Dutch, where several tables share a meaning.

A word is said once: in the YAML of a table when the column is only there, or means something
narrower there; else in `dbt_project/dictionary/*.yaml`, by the name of the column (columns.yaml,
lists.yaml) or by the name of a meaning that a column or measure takes with `said_as`
(meanings.yaml). Belongs here: finding the words. Does not belong here: the words, and the table
they are written to (dictionary.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.errors import DeclarationError
from orchestration.settings import DBT_PROJECT

#: The words that may be said in the dictionary.
TEXTS = ("label_fr", "label_nl", "definition_fr", "definition_nl")
#: The key by which a column or a measure takes a meaning of the dictionary.
SAID_AS = "said_as"
FOLDER = DBT_PROJECT / "dictionary"


def texts_of(name: str | None, meta: Mapping[str, Any]) -> dict[str, str | None]:
    """The texts of a column: its own, else those of the meaning it takes, else those of its name.

    `name` is None for what has no words but its own and those of its meaning (a measure). A text
    that nobody says is None. Raises DeclarationError for a meaning that the dictionary does not
    have.
    """
    entries = dictionary()
    sources = [meta]
    if (meaning := meta.get(SAID_AS)) is not None:
        if meaning not in entries:
            raise DeclarationError(
                f"{name or meta.get('name')}: said_as {meaning!r} is not in "
                "dbt_project/dictionary; add it there or correct the name"
            )
        sources.append(entries[meaning])
    if name is not None:
        sources.append(entries.get(name, {}))
    return {
        text: next((source[text] for source in sources if source.get(text)), None) for text in TEXTS
    }


@lru_cache
def dictionary() -> Mapping[str, Mapping[str, str]]:
    """The entries of all files of the folder, by name."""
    return read(FOLDER)


def read(folder: Path) -> dict[str, Mapping[str, str]]:
    """Read the entries of a folder; DeclarationError for a name that two files hold, or a key that
    is no text of a column."""
    found: dict[str, Mapping[str, str]] = {}
    for file in sorted(folder.glob("*.yaml")):
        entries = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        for name, texts in entries.items():
            if name in found:
                raise DeclarationError(f"{file.name}: {name} is said twice; say it once")
            if unknown := set(texts) - set(TEXTS):
                raise DeclarationError(
                    f"{file.name}: {name} has {', '.join(sorted(unknown))}; only "
                    f"{', '.join(TEXTS)} are known"
                )
            found[name] = texts
    return found
