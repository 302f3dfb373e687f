"""How the value of a promise came about: what kept it, and which files did not.

A commitment is written `CODE`, `CODE:QUARTER` or `CODE:QUARTER:OFFICE`; without a quarter it is the
last one, without an office the whole fund. Belongs here: the way of a value. Does not belong here:
what is counted (dim_commitment says it).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from explain import common
from explain.errors import ExplainError
from explain.model import Equation, Note, Part, Row, Rows, Section, sections
from explain.source import Source
from explain.units import EUR, PLAIN

TABLE = "service.mart_commitments"
MISSED = "service.fct_missed_items"
ALL = "ALL"
_FORM = re.compile(r"(SC\d\d[A-Z]?)(?::(\d{4}Q[1-4]))?(?::([A-Z]{2,5}))?")


def explain(source: Source, given: str, lang: str) -> list[Section]:
    """Sections about a commitment of an office in a quarter.

    Raises:
        ExplainError: not written as a commitment, or the release has no such value.
    """
    form = _FORM.fullmatch(given)
    if not form:
        raise ExplainError("form.commitment", id=given)
    code, office = form[1], form[3] or ALL
    said = common.one(source.ask("commitment/said", code=code), "commitment", given)
    (latest,) = source.ask("commitment/latest", code=code, office=office)
    key = {"code": code, "quarter": form[2] or latest["quarter"] or "", "office": office}
    value = common.one(_figure(source, key), "commitment", given)
    spoken = lang if lang == "nl" else "fr"
    units = _units(value["unit"])
    told = {name: said[f"{name}_{spoken}"] for name in ("promise", "title", "definition")}
    return sections(
        figure=[common.facts(TABLE, value, units), Note("promise", told)],
        ledger=_ledger(source, key, value),
        shown=common.shown("commitment", *_extracts(said)),
        change=common.changed(source, TABLE, value, lambda before: _figure(before, key), units),
    )


def _units(unit: str) -> dict[str, str]:
    """By column: the value and its target are in the unit of the commitment, files are counted."""
    counted = EUR if unit == EUR else PLAIN
    return {"value": unit, "target": unit, "numerator": counted, "denominator": PLAIN}


def _figure(source: Source, key: dict[str, str]) -> Sequence[Row]:
    return source.ask("commitment/figure", **key)


def _ledger(source: Source, key: dict[str, str], value: Row) -> list[Part]:
    missed = source.ask("commitment/missed", **key) if source.may_see(MISSED) else []
    parts: list[Part] = [Rows("missed", MISSED, missed)] if missed else []
    if value["unit"] == "share":
        parts.append(_judged(value, len(missed)))
        if key["office"] == ALL:
            parts += _offices(source, key, value)
    elif value["unit"] == "EUR" and missed:
        terms = [(one["item_key"], one["amount"]) for one in missed if one["amount"]]
        parts.append(Equation(TABLE, terms, ("numerator", value["numerator"]), unit=EUR))
    else:
        parts.append(Note("median"))
    return parts


def _judged(value: Row, missed: int) -> Equation:
    """What kept the promise and what did not are all that was judged. An item without a key is
    counted, and cannot be listed."""
    whole, kept = Decimal(value["denominator"]), value["numerator"]
    terms = [("numerator", kept), ("missed_items", Decimal(missed))]
    if whole != kept + missed:
        terms.append(("missed_unlisted", whole - kept - missed))
    return Equation(TABLE, terms, ("denominator", whole), unit=PLAIN)


def _offices(source: Source, key: dict[str, str], value: Row) -> list[Part]:
    rows = source.ask("commitment/offices", code=key["code"], quarter=key["quarter"])
    if not rows:
        return []
    terms = [(one["office_code"], Decimal(one["denominator"])) for one in rows]
    rest = Decimal(value["denominator"]) - common.total(rows, "denominator")
    # E4: what has no account counts for the fund alone.
    if rest:
        terms.append(("without_office", rest))
    whole = ("denominator", Decimal(value["denominator"]))
    counted = Rows("offices", TABLE, rows, _units(value["unit"]))
    return [counted, Equation(TABLE, terms, whole, "office_code", PLAIN)]


def _extracts(said: Row) -> list[Part]:
    return [Note("extracts", {"extracts": said["extracts"]})] if said["extracts"] else []
