"""Every table and column of a release is said in French and Dutch, once.

Reads the declarations alone (YAML, headers of the lists): what `meta.dictionary` is made of. That a
release has a row for each is in tests/pipeline/test_gate.py.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.columns import SAID_AS, TEXTS, dictionary, read, texts_of
from orchestration.errors import DeclarationError
from orchestration.meta import declared_tables
from orchestration.settings import DBT_PROJECT

PROJECT = Path(DBT_PROJECT)
#: Words of English that neither French nor Dutch has.
ENGLISH = re.compile(r"\b(the|and|which|with|that|from|their|when|until|who|its)\b", re.I)
FRENCH = re.compile(r"\b(les|une|dans|est|pour|avec|sont|aux)\b", re.I)
DUTCH = re.compile(r"\b(het|een|wordt|niet|van|voor|naar|zijn)\b", re.I)
#: Nobody is said "tu" to.
FAMILIAR = re.compile(r"\b(tu|ton|tes|toi|je|jij|jouw|jullie)\b", re.I)
#: French asks for a space that does not break, Dutch for single quotes.
LOOSE_FRENCH = re.compile(r"(?<!\u00a0)[;!?»](?=\s|$)|(?<!\u00a0):(?=\s)|«(?!\u00a0)| %")
LOOSE_DUTCH = re.compile(r"[\"“”«»]| [;:?!]")


def declared() -> dict[str, Mapping[str, Any]]:
    """Every table that leaves with a release, as its YAML says it: marts, lists, `meta.*`."""
    found: dict[str, Mapping[str, Any]] = {}
    for folder, kind in (("models/marts", "models"), ("seeds", "seeds")):
        for file in sorted((PROJECT / folder).rglob("*.yml")):
            for table in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get(kind, []):
                found[f"{kind}.{table['name']}"] = table
    return found | {f"meta.{name}": table for name, table in declared_tables().items()}


TABLES = declared()


def meta_of(said: Mapping[str, Any]) -> Mapping[str, Any]:
    return said.get("meta") or (said.get("config") or {}).get("meta") or {}


def columns_of(name: str, table: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Declared columns with what they say themselves; of a list also those of its header."""
    found = {column["name"]: meta_of(column) for column in table.get("columns") or []}
    if name.startswith("seeds."):
        (file,) = (PROJECT / "seeds").rglob(f"{table['name']}.csv")
        with file.open(encoding="utf-8", newline="") as lines:
            found = {column: found.get(column, {}) for column in next(csv.reader(lines))}
    return found


def columns() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for name, table in TABLES.items():
        for column, meta in columns_of(name, table).items():
            yield name, column, meta


def measures() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for name, table in TABLES.items():
        for measure in meta_of(table).get("measures") or []:
            yield name, measure["name"], measure


def every_text() -> Iterator[tuple[str, Mapping[str, str | None]]]:
    """What readers see: tables, columns, and measures of statistics that have several."""
    for name, table in TABLES.items():
        yield name, meta_of(table)
    for name, column, meta in columns():
        yield f"{name}.{column}", texts_of(column, meta)
    counted = Counter(name for name, _, _ in measures())
    for name, measure, meta in measures():
        # One alone is defined by the column that holds its value.
        if counted[name] > 1:
            yield f"{name}: {measure}", texts_of(None, meta)


def test_the_declarations_are_found():
    kinds = Counter(name.split(".")[0] for name in TABLES)
    assert kinds["models"] > 75
    assert kinds["seeds"] > 30
    assert kinds["meta"] == 3
    assert sum(1 for _ in every_text()) > 1200


def test_everything_is_said_in_both_languages():
    wrong = [f"{what}: no {key}" for what, said in every_text() for key in TEXTS if not said[key]]
    assert wrong == []


def test_no_definition_is_english_or_in_the_other_language():
    wrong = []
    for what, said in every_text():
        french, dutch = said["definition_fr"], said["definition_nl"]
        wrong += [what for text in (french, dutch) if ENGLISH.search(text)]
        if french == dutch or DUTCH.search(french) or FRENCH.search(dutch):
            wrong.append(what)
    assert wrong == []


def test_a_definition_says_more_than_its_label():
    wrong = [
        what
        for what, said in every_text()
        for lang in ("fr", "nl")
        if said[f"definition_{lang}"].rstrip(".").casefold() == said[f"label_{lang}"].casefold()
    ]
    assert wrong == []


def test_definitions_are_sentences_as_each_language_writes_them():
    wrong = []
    for what, said in every_text():
        french, dutch = said["definition_fr"], said["definition_nl"]
        for text in (french, dutch):
            if not text.endswith((".", "…")) or text != text.strip():
                wrong.append(f"{what}: {text!r} does not end as a sentence")
            if FAMILIAR.search(text):
                wrong.append(f"{what}: {text!r} is familiar")
        if LOOSE_FRENCH.search(french):
            wrong.append(f"{what}: spaces of {french!r}")
        if LOOSE_DUTCH.search(dutch):
            wrong.append(f"{what}: quotes or spaces of {dutch!r}")
    assert wrong == []


def pairs(said: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    for kind in ("label", "definition"):
        yield kind, (said.get(f"{kind}_fr"), said.get(f"{kind}_nl"))


def test_a_table_says_what_it_says_in_both_languages():
    entries = [(name, texts) for name, texts in dictionary().items()]
    own = [(f"{name}.{column}", meta) for name, column, meta in [*columns(), *measures()]]
    wrong = [
        f"{what}: {kind} in one language"
        for what, said in [*own, *entries]
        for kind, pair in pairs(said)
        if bool(pair[0]) != bool(pair[1])
    ]
    assert wrong == []


def test_no_column_is_said_twice():
    """What two tables say of a column in the same words is in the dictionary, and what is there
    no table repeats."""
    wrong, definitions = [], Counter()
    for name, column, meta in columns():
        rest = texts_of(column, {SAID_AS: meta[SAID_AS]} if SAID_AS in meta else {})
        for kind, pair in pairs(meta):
            if pair[0] and pair == (rest[f"{kind}_fr"], rest[f"{kind}_nl"]):
                wrong.append(f"{name}.{column}: its {kind} is that of the dictionary")
            if pair[0] and kind == "definition":
                definitions[column, pair] += 1
    wrong += [f"{column}: {pair[0]}" for (column, pair), count in definitions.items() if count > 1]
    assert wrong == []


def test_every_entry_of_the_dictionary_is_used():
    names = {column for _, column, _ in columns()}
    taken = {meta[SAID_AS] for _, _, meta in [*columns(), *measures()] if SAID_AS in meta}
    assert set(dictionary()) - names - taken == set()
    # A meaning that bears the name of a column would be said of columns that mean something else.
    assert taken & names == set()


def test_a_meaning_that_is_not_there_is_told():
    with pytest.raises(DeclarationError, match="'no_such_meaning' is not in"):
        texts_of("amount", {SAID_AS: "no_such_meaning"})


def test_own_words_come_first_then_the_meaning_then_the_name(monkeypatch):
    said = {"x": {"label_fr": "nom", "label_nl": "naam"}, "y": {"label_nl": "betekenis"}}
    monkeypatch.setattr("orchestration.columns.dictionary", lambda: said)
    assert texts_of("x", {}) == dict.fromkeys(TEXTS) | said["x"]
    taken = texts_of("x", {SAID_AS: "y", "definition_fr": "à soi"})
    assert (taken["label_fr"], taken["label_nl"]) == ("nom", "betekenis")
    assert taken["definition_fr"] == "à soi"
    assert texts_of(None, {SAID_AS: "y"})["label_fr"] is None


@pytest.mark.parametrize(
    ("second", "told"), [("a: {label_fr: b}", "said twice"), ("b: {label: c}", "only label_fr")]
)
def test_a_dictionary_that_contradicts_itself_is_refused(tmp_path, second, told):
    (tmp_path / "1.yaml").write_text("a: {label_fr: a}\n", encoding="utf-8")
    (tmp_path / "2.yaml").write_text(second, encoding="utf-8")
    with pytest.raises(DeclarationError, match=told):
        read(tmp_path)
