"""The kinds of things that can be explained, and how one is asked for.

Belongs here: the list of kinds, and the way from a kind and an id to an explanation. Does not
belong here: what is told of any of them (a module each).
"""

from __future__ import annotations

import re
from importlib import import_module

from explain import common
from explain.errors import ExplainError
from explain.model import Explanation, Note, Section, sections
from explain.source import Source

#: By the word of the command line: the module that explains the kind.
KINDS = {
    "charge": "charge",
    "payment": "payment",
    "affiliate": "affiliate",
    "benefit-payment": "benefit_payment",
    "case": "case",
    "cell": "cell",
    "commitment": "commitment",
}
#: The extract that a kind is a row of.
_EXTRACTS = {
    "charge": "charges",
    "payment": "payments",
    "affiliate": "affiliates",
    "benefit-payment": "benefit_payments",
    "case": "recovery_cases",
}
#: No id has another form: what has not is never looked for, and never shown as it is.
_FORM = re.compile(r"[A-Za-z0-9_.:=,\-]{1,300}")
#: Eleven digits are the form of a national number, which no id of ours is and no message repeats.
_NUMBER = re.compile(r"\d{11}")


def explain(source: Source, kind: str, given: str, lang: str) -> Explanation:
    """How a thing came about, in the words of a language where it has words of its own.

    Args:
        kind: one of KINDS.
        given: its id, as the release writes it.

    Raises:
        ExplainError: the release does not know it, or nothing has such an id.
    """
    if not _FORM.fullmatch(given) or _NUMBER.fullmatch(given):
        raise ExplainError(f"form.{KINDS[kind]}" if kind == "commitment" else "form", kind=kind)
    module = import_module(f"explain.{KINDS[kind]}")
    try:
        found = module.explain(source, given, lang)
    except ExplainError as unknown:
        found = _not_taken(source, kind, given)
        if not found:
            raise unknown from None
    release = source.release
    return Explanation(kind, given, release.id, release.business_date, found)


def _not_taken(source: Source, kind: str, given: str) -> list[Section]:
    """What was delivered of something that no figure rests on: in quarantine, deleted, gone."""
    extract = _EXTRACTS.get(kind)
    parts = common.delivered(source, extract, given) if extract else []
    return sections(figure=[Note("not_taken")], deliveries=parts) if parts else []
