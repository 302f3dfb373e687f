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
from exports.register.holding import held_by
from exports.register.states import DEFINED, UNDER_REVIEW
from exports.register.texts import say as of_register
from exports.restatement.reasons import words
from orchestration.moments import grouped, number
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


def holdings(request: Request, desk: Desk, version: Version | None = None) -> list[str]:
    """What a package gives of what was asked, a line a statistic: what is hidden, and what the
    recipient does not get at all.
    """
    lang, said = desk.lang, []
    for one in held_by(desk.package(request, version)):
        if one.is_left_out:
            said.append(say(lang, "request.gives_nothing", code=one.code))
            continue
        counts = {"cells": grouped(lang, one.cells), "hidden": grouped(lang, one.hidden)}
        line = say(lang, "request.gives", code=one.code, **counts)
        if one.blocks_left_out:
            blocks = ", ".join(one.blocks_left_out)
            line += say(lang, "request.gives_without", blocks=blocks)
        said.append(line)
    return said


def listed(requests: Iterable[Request], today: date, lang: str) -> str:
    """The list, one line a request, the late ones marked."""
    rows = [
        (
            one.id,
            of_register(f"state_{one.state}", lang),
            day(one.received.due_on, lang),
            say(lang, "request.is_late") if one.is_late(today) else "",
            _meant(one),
            _requester(one, lang),
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


def _requester(request: Request, lang: str) -> str:
    """Who asked; of a correction what it corrects, or it looks like the same request twice."""
    first = request.received.replaces
    what = say(lang, "request.fact_replaces", value=first).lower() if first else ""
    return f"{request.received.requester} ({what})" if what else request.received.requester


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
    lines += [f"  {line}" for line in holdings(request, desk, version)]
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


def restatements(found: Iterable[Outdated], desk: Desk) -> str:
    """The deliveries that would be different today, one line each with the correction that is on
    its way; then what to do.
    """
    lang = desk.lang
    said = [_outdated(one, desk) for one in found]
    if not said:
        return say(lang, "request.none_outdated")
    return "\n".join([*said, say(lang, "request.correct")])


def _outdated(one: Outdated, desk: Desk) -> str:
    lang, restatement = desk.lang, one.restatement
    line = say(
        lang,
        "request.outdated_withdrawn" if one.is_withdrawn else "request.outdated",
        id=one.request.id,
        name=restatement.delivered.folder.name,
        changed=grouped(lang, restatement.changed),
        new=grouped(lang, restatement.new),
        compared=grouped(lang, restatement.compared),
        share=_at_most(restatement.largest_share, lang),
        why=", ".join(words(word, lang) for word in restatement.reasons),
    )
    coming = "" if one.request.restated_by else _correcting(one.request, desk)
    if not coming:
        return line
    said = say(lang, "request.on_its_way", value=coming)
    return f"{line} ({said})"


def restated_cells(cells: Iterable[Restated], lang: str) -> str:
    """The cells that would be different today, one line each; what changes most of its total first,
    rates last: they are no share of anything.
    """
    ordered = sorted(cells, key=lambda one: (one.share is None, -(one.share or 0)))
    return "\n".join(_cell(one, lang) for one in ordered) or say(lang, "request.none_outdated")


def _cell(one: Restated, lang: str) -> str:
    said = {
        "cell": " ".join([one.code, one.ref_period, *map(" ".join, one.codes.items())]),
        "measure": one.measure,
        "old": _value(one.old, lang),
        "new": _value(one.new, lang),
        "why": ", ".join(words(word, lang) for word in one.reasons),
    }
    if one.share is None:
        return say(lang, "request.cell_without_share", **said)
    return say(lang, "request.cell", share=_percent(one.share, lang), **said)


def _value(value: Decimal | None, lang: str) -> str:
    """A value as people write it; of a cell in which nobody is, that it is not there."""
    if value is None:
        return say(lang, "request.no_cell")
    decimals = max(0, -value.normalize().as_tuple().exponent)
    # An amount has cents or none: 1422.6 is nobody's way to write euros.
    return grouped(lang, value, 2 if decimals == 1 else decimals)


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


def _at_most(share: Decimal | None, lang: str) -> str:
    """How much of its total the largest change is; nothing where there are rates alone."""
    if share is None:
        return ""
    return say(lang, "request.at_most", share=_percent(share, lang))


def _percent(share: Decimal, lang: str) -> str:
    """A share; one too small for two decimals is not written as none."""
    if 0 < share < Decimal("0.0001"):
        return f"< {number(lang, 0.01, 2)} %"
    return f"{number(lang, 100 * share, 2)} %"
