"""What changed between two versions of a contract, and whether it breaks who sends.

Belongs here: comparing contracts, and which version a change asks for. A change breaks when a file
that was right is not any more: something added that must be filled, something removed, a domain
made narrower, another type, key, form or rule. What may stay as it was sent does not: a column
that may be empty, a wider domain. Does not belong here: how it is told (contract_pages.py).

`baseline.json` is the last version that was given to the source: `released` reads it, and
`python -m ingest.contract_changes` writes it, once a new version is agreed.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.contract import CONTRACTS, Column, Contract, load_contracts
from ingest.texts import Said, said

BASELINE = CONTRACTS / "baseline.json"


@dataclass(frozen=True)
class Change:
    """One thing that changed: the column ("": the extract), the sentence, whether it breaks."""

    column: str
    says: Said
    breaks: bool


def shape(contract: Contract) -> dict[str, Any]:
    """What of a contract a file is held against, as plain data."""
    return {"version": contract.version,
            "columns": {column.name: _column(column) for column in contract.columns}}


def released() -> dict[str, dict[str, Any]]:
    """Shapes of the last version given to the source, by extract."""
    return json.loads(BASELINE.read_text(encoding="utf-8"))


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Change]:
    """What changed from one shape to another; None: the extract did not exist, or does not."""
    if before is None or after is None:
        key = "change.extract_added" if before is None else "change.extract_removed"
        return [Change("", said(key), True)]
    old, new = before["columns"], after["columns"]
    found = [Change(name, said("change.removed"), True) for name in old if name not in new]
    for name, column in new.items():
        if name not in old:
            key = "change.added_required" if column["required"] else "change.added"
            found.append(Change(name, said(key), column["required"]))
        else:
            found += [Change(name, says, breaks)
                      for says, breaks in _of_column(old[name], column)]
    return found


def version_is_enough(before: str, after: str, found: list[Change]) -> bool:
    """Whether the version was raised as the changes ask: the first number when one breaks, the
    first or the second when one does not.
    """
    old, new = ([int(part) for part in version.split(".")] for version in (before, after))
    if any(change.breaks for change in found):
        return new[0] > old[0]
    return new[:2] > old[:2] if found else new >= old


def _column(column: Column) -> dict[str, Any]:
    return {
        "type": column.type, "key": column.key, "required": column.required,
        "values": list(column.values), "pattern": column.pattern, "codes": column.code_list,
        "minimum": column.minimum, "maximum": column.maximum,
        "exclusive_minimum": column.exclusive_minimum,
        "references": [f"{ref.extract}.{ref.column}" for ref in column.references],
        "rules": {check.name: check.predicate for check in column.checks},
    }


def _of_column(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[Said, bool]]:
    if old["type"] != new["type"]:
        yield said("change.type", before=old["type"], after=new["type"]), True
    if old["key"] != new["key"]:
        yield said("change.key" if new["key"] else "change.no_key"), True
    if old["required"] != new["required"]:
        yield said("change.required" if new["required"] else "change.optional"), new["required"]
    yield from _of_lists(old, new, "values", "change.values_gone", "change.values_new")
    if old["codes"] != new["codes"]:
        yield said("change.codes", after=new["codes"] or "—"), new["codes"] is not None
    if old["pattern"] != new["pattern"]:
        yield said("change.form", after=new["pattern"] or "—"), new["pattern"] is not None
    for bound, is_narrower in (("minimum", lambda b, a: a > b), ("maximum", lambda b, a: a < b),
                               ("exclusive_minimum", lambda b, a: a > b)):
        b, a = old[bound], new[bound]
        if a != b:
            says = said("change.bound", before="—" if b is None else b,
                        after="—" if a is None else a)
            yield says, a is not None and (b is None or is_narrower(b, a))
    # To refer to one more extract is wider; the first reference of a column is a new rule.
    yield from _of_lists(old, new, "references", "change.references_gone", "change.references_new")
    for name in sorted({*old["rules"], *new["rules"]}):
        b, a = old["rules"].get(name), new["rules"].get(name)
        if b != a:
            yield said("change.rule_gone" if a is None else "change.rule", rule=name), a is not None


def _of_lists(old, new, what: str, gone: str, more: str) -> Iterator[tuple[Said, bool]]:
    """A list narrows what may be sent: what left it breaks, and so does one where there was none;
    no list at all is wider than any.
    """
    left = [one for one in old[what] if one not in new[what]]
    came = [one for one in new[what] if one not in old[what]]
    if left:
        yield said(gone, names=", ".join(left)), bool(new[what])
    if came:
        yield said(more, names=", ".join(came)), not old[what]


def main() -> None:
    """Write the baseline from the contracts as they are."""
    shapes = {name: shape(contract) for name, contract in load_contracts().items()}
    BASELINE.write_text(json.dumps(shapes, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
