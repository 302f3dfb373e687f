"""How a request looks on the command line: one line, a list, all of it.

Belongs here: words and order. Does not belong here: what may be seen (exports.register.request
hides it before).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from exports.days import day
from exports.register.clock import hour_of
from exports.register.states import DEFINED, UNDER_REVIEW
from exports.register.texts import say as of_register
from exports.restatement.reasons import words
from orchestration.texts import say

if TYPE_CHECKING:
    from exports.register.desk import Desk
    from exports.register.event import Event
    from exports.register.outdated import Outdated
    from exports.register.request import Received, Request, Version
    from exports.restatement.compare import Restated

_VERDICTS = {"approve": "verdict_approve", "refuse": "verdict_refuse", "": "verdict_hidden"}
_LEVELS = {"blocking": "level_blocking", "warning": "level_warning"}


def line_of(request: Request, lang: str) -> str:
    """What became of a request, in one line."""
    state = of_register(f"state_{request.state}", lang)
    said = [say(lang, "request.line", id=request.id, state=state)]
    # What was defined anew has no version yet: those before were of another question.
    if request.version is not None and request.state != DEFINED:
        said.append(say(lang, "request.version", number=request.version.number))
    if request.state == UNDER_REVIEW:
        # What they say is sealed; that one more is waited for is not.
        given, needed = len(request.round.votes), request.round.checkers
        said.append(say(lang, "request.verdicts", given=given, needed=needed))
    if request.schedule is not None and request.delivery is None:
        moment = hour_of(request.schedule.not_before, lang)
        said.append(say(lang, "request.leaves", moment=moment, out=request.schedule.out))
    if request.delivery is not None:
        said.append(f"{request.delivery.out}/{request.delivery.name}")
    return ", ".join(said)


def listed(requests: Iterable[Request], today: date, lang: str) -> str:
    """The list, one line a request, the late ones marked."""
    rows = [
        (
            one.id,
            of_register(f"state_{one.state}", lang),
            day(one.received.due_on, lang),
            say(lang, "request.is_late") if one.is_late(today) else "",
            _meant(one),
            one.received.requester,
        )
        for one in requests
    ]
    if not rows:
        return say(lang, "request.none")
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def summary(request: Request, today: date) -> dict[str, Any]:
    """A request in a list, as JSON has it."""
    return {
        "id": request.id,
        "state": request.state,
        "requester": request.received.requester,
        "received_on": request.received.received_on.isoformat(),
        "due_on": request.received.due_on.isoformat(),
        "is_late": request.is_late(today),
        "meant": _meant(request),
        "version": request.version.number if request.version else None,
        "replaces": request.received.replaces,
        "restated_by": request.restated_by,
    }


def failures(request: Request, lang: str) -> list[str]:
    """The rules that do not hold for the last version, a sentence each."""
    version = request.version
    return [_failed(one, lang) for one in version.failed] if version else []


def shown(request: Request, desk: Desk) -> str:
    """All of a request."""
    lang, said = desk.lang, request.received
    lines = [line_of(request, lang)]
    facts = [
        ("fact_requester", said.requester),
        ("fact_contact", said.contact),
        ("fact_legal_basis", said.legal_basis),
        ("fact_wording", said.wording),
        ("fact_received", day(said.received_on, lang)),
        ("fact_due", _due(request, desk)),
        ("fact_meant", _meant(request)),
        ("fact_replaces", said.replaces and _why_again(said, lang)),
        ("fact_restated_by", request.restated_by),
        ("fact_correcting", "" if request.restated_by else _correcting(request, desk)),
        ("fact_withdrawn", request.withdrawn_because),
        ("fact_changed", ", ".join(request.changed)),
        ("fact_next", ", ".join(desk.next_steps(request))),
    ]
    lines += [say(lang, f"request.{name}", value=value) for name, value in facts if value]
    for version in request.versions:
        lines += _of_version(version, desk, request)
    lines.append(say(lang, "request.history"))
    lines += [f"  {_event(one, lang)}" for one in request.history]
    return "\n".join(lines)


def _correcting(request: Request, desk: Desk) -> str:
    """The requests that are on their way to correct a delivery."""
    mine = (one for one in desk.requests().values() if one.received.replaces == request.id)
    return ", ".join(one.id for one in mine if one.state != "withdrawn")


def _of_version(version: Version, desk: Desk, request: Request) -> list[str]:
    lang = desk.lang
    lines = [
        say(
            lang,
            "request.made",
            number=version.number,
            by=version.by,
            folder=desk.package(request, version),
            manifest=version.manifest,
        )
    ]
    if version.override:
        lines.append(
            say(lang, "request.overridden", by=version.override.by, reason=version.override.reason)
        )
    if version.spent:
        lines.append(say(lang, "request.spent", why=of_register(f"spent_{version.spent}", lang)))
    lines.append(say(lang, "request.held", count=version.passed))
    lines += [f"  {_failed(one, lang)}" for one in version.failed]
    for round_ in request.rounds:
        if round_.version != version.number:
            continue
        lines += [
            say(lang, "request.waived", rule=one.rule, by=one.by, reason=one.reason)
            for one in round_.waivers
        ]
        for vote in round_.votes:
            word = say(lang, f"request.{_VERDICTS[vote.verdict]}")
            comment = f" – {vote.comment}" if vote.comment else ""
            lines.append(f"  {vote.by}{_colon(lang)}{word}{comment}")
    return lines


def _failed(rule: dict[str, Any], lang: str) -> str:
    sentence = rule["sentence_nl" if lang == "nl" else "sentence_fr"]
    level = say(lang, f"request.{_LEVELS[rule['level']]}")
    return f"{rule['rule']} {rule['code']} ({level}) {sentence}"


def _event(event: Event, lang: str) -> str:
    word = of_register(f"event_{event.action}", lang)
    return f"{event.number:>4}  {hour_of(event.moment, lang)}  {event.who}{_colon(lang)}{word}"


def _why_again(said: Received, lang: str) -> str:
    """What is corrected, and why, in words."""
    cause = of_register(f"cause_{said.cause}", lang)
    return f"{said.replaces} ({cause}{_colon(lang)}{said.reason})"


def _colon(lang: str) -> str:
    """A colon as the language sets it."""
    return " : " if lang == "fr" else ": "


def _meant(request: Request) -> str:
    from exports.register.desk import definition_asked

    meant = definition_asked(request)
    return f"{' '.join(meant.codes)} {meant.period} {meant.profile} {meant.lang}" if meant else ""


def _due(request: Request, desk: Desk) -> str:
    late = f" ({say(desk.lang, 'request.is_late')})" if request.is_late(desk.today) else ""
    return f"{day(request.received.due_on, desk.lang)}{late}"


def restatements(found: Iterable[Outdated], lang: str) -> str:
    """The deliveries that would be different today, one line each."""
    said = [
        say(
            lang,
            "request.outdated_withdrawn" if one.is_withdrawn else "request.outdated",
            id=one.request.id,
            name=one.restatement.delivered.folder.name,
            changed=one.restatement.changed,
            new=one.restatement.new,
            compared=one.restatement.compared,
            share=_percent(one.restatement.largest_share),
            why=", ".join(words(word, lang) for word in one.restatement.reasons),
        )
        for one in found
    ]
    return "\n".join(said) or say(lang, "request.none_outdated")


def restated_cells(cells: Iterable[Restated], lang: str) -> str:
    """The cells that would be different today, one line each."""
    said = [
        say(
            lang,
            "request.cell",
            cell=" ".join([one.code, one.ref_period, *map(" ".join, one.codes.items())]),
            measure=one.measure,
            old="-" if one.old is None else f"{one.old.normalize():f}",
            new="-" if one.new is None else f"{one.new.normalize():f}",
            share=_percent(one.share),
            why=", ".join(words(word, lang) for word in one.reasons),
        )
        for one in cells
    ]
    return "\n".join(said) or say(lang, "request.none_outdated")


def restatement_json(one: Outdated, with_cells: bool) -> dict[str, Any]:
    """A restatement as JSON has it; amounts and shares are decimals as text."""
    restatement = one.restatement
    said = {
        "id": one.request.id,
        "package": restatement.delivered.folder.name,
        "release_id": restatement.release_id,
        "compared": restatement.compared,
        # Taken back by a later delivery, which gives nothing in their place.
        "withdrawn": one.is_withdrawn,
        "changed": restatement.changed,
        "new": restatement.new,
        "largest_share": _text(restatement.largest_share),
        "reasons": list(restatement.reasons),
    }
    if with_cells:
        said["cells"] = [
            {
                **asdict(cell),
                "old": _text(cell.old),
                "new": _text(cell.new),
                "share": _text(cell.share),
            }
            for cell in restatement.cells
        ]
    return said


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


def _percent(share: Decimal | None) -> str:
    return "-" if share is None else f"{100 * share:.2f} %"
