"""The contracts of the extracts as pages for who sends them: one for each extract, and an index.

Belongs here: what a page holds. Does not belong here: what a contract says (ingest/contracts), what
changed in it (ingest/contract_changes.py), the frame of a page (html_page.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ingest.codes import valid_codes
from ingest.contract import Column, Contract
from ingest.contract_changes import Change, changes, shape
from ingest.texts import in_language
from orchestration import html_page as html
from orchestration.texts import say

#: A day on which examples of codes are valid.
_DAY = date(2026, 6, 30)
_EXAMPLES = {"BOOLEAN": "true", "DATE": "2026-06-30", "TIMESTAMP": "2026-06-30T16:00:00"}
_PIECE = re.compile(r"\[(.)[^\]]*\](?:\{(\d+)\})?|([A-Za-z0-9-])")


def pages(
    contracts: Mapping[str, Contract], against: Mapping[str, Mapping[str, Any]], lang: str
) -> Iterator[tuple[str, str]]:
    """(file name, HTML) of each page; `against`: shapes of the version before, by extract."""
    found = {
        name: changes(against.get(name), shape(contract)) for name, contract in contracts.items()
    }
    yield "index.html", _index(contracts, against, found, lang)
    for name, contract in contracts.items():
        yield f"{name}.html", _page(contract, contracts, against.get(name), found[name], lang)


def gone(contracts: Mapping[str, Contract], against: Mapping[str, Any]) -> list[str]:
    """Extracts of the version before that there are no more."""
    return [name for name in against if name not in contracts]


def example(column: Column, contracts: Mapping[str, Contract]) -> str:
    """A value of the right form; empty where a made-up one could be somebody's, or any text is
    right.
    """
    if column.personal == "direct":
        return ""
    if column.values:
        return column.values[0]
    if column.code_list:
        return valid_codes(column.code_list, _DAY)[0]
    if column.references:
        ref = column.references[0]
        return example(contracts[ref.extract].by_name[ref.column], contracts)
    if column.pattern:
        return _of_form(column.pattern)
    if column.type.startswith("DECIMAL"):
        return "123." + "4567"[: int(column.type.rstrip(")").split(",")[1])]
    if column.type == "INTEGER":
        return str(column.minimum or 1)
    return _EXAMPLES.get(column.type, "")


def _of_form(pattern: str) -> str:
    """A text of a simple form: letters, digits, sets with a number of times, parts in brackets."""
    bare = pattern.strip("^$").replace("(", "").replace(")?", "").replace(")", "")
    told = ""
    for first, times, letter in _PIECE.findall(bare):
        many = int(times or 1)
        # 00000001 rather than 00000000, and years that are some.
        told += letter or ("2026"[:many] if first == "0" and many == 4 else
                           f"{1 if first == '0' else first:0>{many}}")  # fmt: skip
    return told


def _index(contracts, against, found, lang: str) -> str:
    heads = [say(lang, f"contracts.head.{one}") for one in _INDEX]
    rows = [
        (
            _label(contract, lang),
            name,
            contract.version,
            against[name]["version"] if name in against else "—",
            _state(found[name], lang),
        )
        for name, contract in contracts.items()
    ]
    parts = [
        html.paragraph(say(lang, "contracts.intro")),
        html.table(say(lang, "contracts.title"), heads, rows),
        html.heading(say(lang, "contracts.pages")),
        html.links((f"{name}.html", _label(one, lang)) for name, one in contracts.items()),
    ]
    if left := gone(contracts, against):
        parts.insert(1, html.paragraph(say(lang, "contracts.gone", names=", ".join(left)), True))
    return html.page(lang, say(lang, "contracts.title"), parts)


_INDEX = ("label", "extract", "version", "before", "state")
_COLUMNS = ("label", "column", "type", "key", "required", "personal", "form", "example")


def _page(contract, contracts, before, found: list[Change], lang: str) -> str:
    title = f"{_label(contract, lang)} ({contract.name})"
    cadence = say(lang, f"contracts.cadence.{contract.cadence}")
    facts = say(lang, "contracts.facts", version=contract.version, cadence=cadence)
    rows = [
        (
            _label(column, lang),
            column.name,
            say(lang, f"contracts.type.{column.type.partition('(')[0]}", type=column.type),
            _yes(column.key, lang),
            _yes(column.required, lang),
            say(lang, f"contracts.personal.{column.personal}"),
            _form(column, contracts, lang),
            example(column, contracts),
        )
        for column in contract.columns
    ]
    heads = [say(lang, f"contracts.head.{one}") for one in _COLUMNS]
    header = ",".join(column.name for column in contract.columns)
    parts = [
        html.paragraph(facts),
        html.link("index.html", say(lang, "contracts.all")),
        html.heading(say(lang, "contracts.columns")),
        html.table(say(lang, "contracts.columns"), heads, rows),
        html.heading(say(lang, "contracts.header")),
        html.paragraph(say(lang, "contracts.header_said")),
        html.paragraph(header),
    ]
    rules = [
        (_label(column, lang), column.name, in_language(check.says, lang))
        for column in contract.columns
        for check in column.checks
    ]
    if rules:
        heads = [say(lang, f"contracts.head.{one}") for one in ("label", "column", "rejected")]
        parts += [
            html.heading(say(lang, "contracts.rules")),
            html.table(say(lang, "contracts.rules"), heads, rows=rules),
        ]
    last = before["version"] if before else "—"
    parts.append(html.heading(say(lang, "contracts.changes", version=last)))
    if found:
        heads = [say(lang, f"contracts.head.{one}") for one in ("column", "change", "breaks")]
        told = [
            (one.column or contract.name, in_language(one.says, lang), _yes(one.breaks, lang))
            for one in found
        ]
        parts.append(html.table(say(lang, "contracts.changes", version=last), heads, told))
    else:
        parts.append(html.paragraph(say(lang, "contracts.unchanged")))
    return html.page(lang, title, parts)


def _form(column: Column, contracts: Mapping[str, Contract], lang: str) -> str:
    told = []
    if column.values:
        told.append(say(lang, "contracts.values", values=", ".join(column.values)))
    if column.code_list:
        told.append(say(lang, "contracts.codes", codes=column.code_list))
    if column.pattern:
        told.append(say(lang, "contracts.pattern", pattern=column.pattern))
    bounds = {
        "least": column.minimum,
        "most": column.maximum,
        "above": column.exclusive_minimum,
    }
    told += [
        say(lang, f"contracts.{name}", bound=bound)
        for name, bound in bounds.items()
        if bound is not None
    ]
    if column.references:
        of = say(lang, "contracts.or").join(
            f"{_label(contracts[ref.extract], lang)} ({ref.extract}.{ref.column})"
            for ref in column.references
        )
        told.append(say(lang, "contracts.refers", extracts=of))
    return " ; ".join(told) if lang == "fr" else "; ".join(told)


def _state(found: list[Change], lang: str) -> str:
    if not found:
        return say(lang, "contracts.unchanged")
    breaking = sum(change.breaks for change in found)
    return say(lang, "contracts.changed", count=len(found), breaking=breaking)


def _label(of: Contract | Column, lang: str) -> str:
    return {"fr": of.label_fr, "nl": of.label_nl}.get(lang) or of.name.replace("_", " ")


def _yes(is_so: bool, lang: str) -> str:
    return say(lang, "contracts.yes" if is_so else "contracts.no")
