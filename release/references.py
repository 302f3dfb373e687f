"""References ("§4, C1-C3, art. 60bis"): what a table or a column carries out, taken apart.

Belongs here: the form in which models name their definition. Does not belong here: the words for
it (the pages have them), which paragraphs and rulings exist (the contract tests know).
"""

import re
from collections.abc import Iterable

#: By kind: how a reference of it is written. What is none of them is an article of law, as it is.
_FORMS = {
    "paragraph": re.compile(r"§ ?(\d+)"),
    "table": re.compile(r"T\d\d"),
    "indicator": re.compile(r"SC\d\d"),
    "ruling": re.compile(r"[A-Z]\d{1,2}"),
}
KINDS = (*_FORMS, "law")


def kinds(reference: str) -> dict[str, list[str]]:
    """The references of each kind, in their order; a range is one ("C1-C3"), a paragraph bare."""
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for one in _parts(reference):
        kind = _kind(one)
        found[kind].append(one.removeprefix("§").strip() if kind == "paragraph" else one)
    return found


def joined(references: Iterable[str]) -> str:
    """Several references as one, each part once: that of a chart which shows several figures."""
    parts = (part for reference in references for part in _parts(reference))
    return ", ".join(dict.fromkeys(parts))


def _kind(one: str) -> str:
    ends = one.split("-")
    for kind, form in _FORMS.items():
        if len(ends) <= 2 and all(form.fullmatch(end) for end in ends):
            return kind
    return "law"


def _parts(reference: str) -> list[str]:
    return [part.strip() for part in re.split("[,;]", reference) if part.strip()]
