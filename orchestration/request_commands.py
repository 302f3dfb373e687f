"""`vigie request …`: the register of the statistics desk on the command line.

Each command reads its arguments, calls one function of `exports.register` and says what became of
the request. Does not belong here: what a request may become (exports/register), how it is shown
(request_view.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.errors import VigieError
from orchestration.options import FOLDER, Date, Moment, acting, help_of, language
from orchestration.settings import Settings
from orchestration.texts import say

if TYPE_CHECKING:
    from exports.register.desk import Desk

_CAUSES = ("error", "late_data", "correction", "definition", "law")
_TONGUE = click.Choice(["fr", "nl"])


def _in_full(_: click.Context, __: click.Parameter, number: str | None) -> str | None:
    """The number of a request; one without its year is of this year, as people say it."""
    from exports.register.clock import BRUSSELS

    if number and number.isdecimal() and len(number) <= 4:
        return f"{datetime.now(BRUSSELS).year}-{int(number):04d}"
    return number


_number = click.argument("number", metavar="N", callback=_in_full)
_number_or_all = click.argument("number", metavar="[N]", required=False, callback=_in_full)


def _defining(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is meant."""
    for option in reversed(
        (
            click.argument("codes", nargs=-1, metavar="[CODE…]"),
            click.option("--period", help=help_of("answer.period")),
            click.option("--profile", help=help_of("answer.profile")),
            click.option(
                "--in", "tongue", type=click.Choice(["fr", "nl"]), help=help_of("request.in")
            ),
            click.option("--data-of", type=Date(), help=help_of("answer.as_of")),
        )
    ):
        command = option(command)
    return command


def _desk(who: str | None, lang: str | None) -> Desk:
    from exports.register.desk import open_desk

    settings = Settings.from_env(lang=lang)
    return open_desk(settings.home, who, lang=settings.lang)


def _said(desk: Desk, done: Any) -> int:
    from orchestration.request_view import line_of

    click.echo(line_of(desk.look(done.id), desk.lang))
    return 0


@click.group(help=help_of("request"))
def request() -> None:
    """Group of the commands of the register."""


@request.command(help=help_of("request.add"))
@_defining
@click.option("--requester", required=True, help=help_of("request.requester"))
@click.option("--contact", required=True, help=help_of("request.contact"))
@click.option("--legal-basis", required=True, help=help_of("request.legal_basis"))
@click.option("--wording", required=True, help=help_of("request.wording"))
@click.option("--received", type=Date(), help=help_of("request.received"))
@click.option("--due", type=Date(), required=True, help=help_of("request.due"))
@acting
@language
def add(
    requester: str,
    contact: str,
    legal_basis: str,
    wording: str,
    received: date | None,
    due: date,
    who: str | None,
    lang: str | None,
    **meant: Any,
) -> int:
    """Register a request."""
    from exports.register.reception import Arrival, receive

    desk = _desk(who, lang)
    asked = _definition(desk, None, meant) if any(meant.values()) else None
    day = received or desk.today
    arrived = Arrival(requester, contact, legal_basis, wording, day, due, asked)
    return _said(desk, receive(desk, arrived))


@request.command("list", help=help_of("request.list"))
@click.option("--state", help=help_of("request.state"))
@click.option("--late", is_flag=True, help=help_of("request.late"))
@click.option("--json", "as_json", is_flag=True, help=help_of("status.json"))
@acting
@language
def list_(state: str | None, late: bool, as_json: bool, who: str | None, lang: str | None) -> int:
    """Requests of the register."""
    from exports.register.states import STATES
    from orchestration.request_view import listed, summary

    desk = _desk(who, lang)
    if state is not None and state not in STATES:
        raise VigieError(
            say(desk.lang, "request.bad_state", asked=state, existing=", ".join(STATES))
        )
    found = [
        one
        for one in desk.requests().values()
        if state in (None, one.state) and (one.is_late(desk.today) or not late)
    ]
    if as_json:
        said = [summary(one, desk.today) for one in found]
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        click.echo(listed(found, desk.today, desk.lang))
    return 0


@request.command(help=help_of("request.show"))
@_number
@click.option("--json", "as_json", is_flag=True, help=help_of("status.json"))
@acting
@language
def show(number: str, as_json: bool, who: str | None, lang: str | None) -> int:
    """All that the register knows of a request."""
    from exports.register.request import described
    from orchestration.request_view import shown

    desk = _desk(who, lang)
    found = desk.look(number)
    if as_json:
        said = {**described(found), "is_late": found.is_late(desk.today)}
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        click.echo(shown(found, desk))
    return 0


@request.command(help=help_of("request.define"))
@_number
@_defining
@acting
@language
def define(number: str, who: str | None, lang: str | None, **meant: Any) -> int:
    """What exactly is meant."""
    from exports.register import reception

    desk = _desk(who, lang)
    given = _definition(desk, desk.request(number), meant) if any(meant.values()) else None
    return _said(desk, reception.define(desk, number, given))


@request.command(help=help_of("request.produce"))
@_number
@acting
@language
def produce(number: str, who: str | None, lang: str | None) -> int:
    """Make the package."""
    from exports.register.production import produce as make
    from orchestration.request_view import failures

    desk = _desk(who, lang)
    made = make(desk, number)
    for sentence in failures(made, desk.lang):
        click.echo(sentence, err=True)
    return _said(desk, made)


@request.command(help=help_of("request.review"))
@_number
@click.option("--waive", "rules", multiple=True, metavar="RULE", help=help_of("request.waive"))
@click.option("--reason", "reasons", multiple=True, help=help_of("request.waive_reason"))
@acting
@language
def review(
    number: str,
    rules: Sequence[str],
    reasons: Sequence[str],
    who: str | None,
    lang: str | None,
) -> int:
    """Ask for a review."""
    from exports.register.review import ask

    desk = _desk(who, lang)
    if len(reasons) not in (len(rules), 1 if rules else 0):
        raise VigieError(say(desk.lang, "request.reasons"))
    given = reasons if len(reasons) == len(rules) else reasons * len(rules)
    return _said(desk, ask(desk, number, dict(zip(rules, given, strict=True))))


@request.command(help=help_of("request.approve"))
@_number
@click.option("--comment", default="", help=help_of("request.comment"))
@click.option("--override", metavar="REASON", help=help_of("request.override"))
@acting
@language
def approve(
    number: str, comment: str, override: str | None, who: str | None, lang: str | None
) -> int:
    """Vote for the package, or override the review."""
    from exports.register import review as eyes

    desk = _desk(who, lang)
    if override is not None:
        return _said(desk, eyes.override(desk, number, override))
    return _said(desk, eyes.approve(desk, number, comment))


@request.command(help=help_of("request.refuse"))
@_number
@click.option("--reason", required=True, help=help_of("request.reason"))
@acting
@language
def refuse(number: str, reason: str, who: str | None, lang: str | None) -> int:
    """Vote against the package."""
    from exports.register.review import refuse as against

    desk = _desk(who, lang)
    return _said(desk, against(desk, number, reason))


@request.command(help=help_of("request.recall"))
@_number
@click.option("--reason", required=True, help=help_of("request.reason"))
@acting
@language
def recall(number: str, reason: str, who: str | None, lang: str | None) -> int:
    """Take back what has not left."""
    from exports.register.review import recall as take_back

    desk = _desk(who, lang)
    return _said(desk, take_back(desk, number, reason))


@request.command(help=help_of("request.deliver"))
@_number_or_all
@click.option("--out", type=FOLDER, help=help_of("request.out"))
@click.option("--not-before", type=Moment(), help=help_of("request.not_before"))
@acting
@language
def deliver(
    number: str | None,
    out: Path | None,
    not_before: datetime | None,
    who: str | None,
    lang: str | None,
) -> int:
    """Hand out one package, or all whose moment has come."""
    from exports.register import delivery

    desk = _desk(who, lang)
    if number is not None:
        return _said(desk, delivery.deliver(desk, number, out, not_before))
    if out is not None or not_before is not None:
        raise VigieError(say(desk.lang, "request.which"))
    left, failed = delivery.deliver_due(desk)
    for one in left:
        _said(desk, one)
    for name, error in failed:
        click.echo(say(desk.lang, "request.not_left", number=name, reason=error), err=True)
    if not left and not failed:
        click.echo(say(desk.lang, "request.nothing_due"))
    return 1 if failed else 0


@request.command(help=help_of("request.acknowledge"))
@_number
@click.option("--on", type=Date(), help=help_of("request.on"))
@acting
@language
def acknowledge(number: str, on: date | None, who: str | None, lang: str | None) -> int:
    """The recipient has it."""
    from exports.register import reception

    desk = _desk(who, lang)
    return _said(desk, reception.acknowledge(desk, number, on))


@request.command(help=help_of("request.restate"))
@_number
@click.option("--cause", type=click.Choice(_CAUSES), required=True, help=help_of("request.cause"))
@click.option("--reason", required=True, help=help_of("request.reason"))
@click.option("--due", type=Date(), help=help_of("request.restate_due"))
@acting
@language
def restate(
    number: str, cause: str, reason: str, due: date | None, who: str | None, lang: str | None
) -> int:
    """Open the request that corrects a delivery."""
    from exports.register import reception

    desk = _desk(who, lang)
    return _said(desk, reception.restate(desk, number, cause, reason, due))


@request.command(help=help_of("request.restatements"))
@_number_or_all
@click.option("--back", type=click.IntRange(min=0), help=help_of("request.back"))
@click.option("--json", "as_json", is_flag=True, help=help_of("status.json"))
@acting
@language
def restatements(
    number: str | None, back: int | None, as_json: bool, who: str | None, lang: str | None
) -> int:
    """Deliveries that would be different today, or the cells of one."""
    from exports.register.outdated import outdated
    from orchestration import request_view
    from orchestration.changes import RawChanges

    settings = Settings.from_env(lang=lang)
    desk = _desk(who, lang)
    years = settings.restate_years if back is None else back
    found = outdated(desk, years, RawChanges(settings.home), number)
    if as_json:
        said = [request_view.restatement_json(one, number is not None) for one in found]
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
    elif number is None:
        click.echo(request_view.restatements(found, desk.lang))
    else:
        (one,) = found
        click.echo(request_view.restated_cells(one.restatement.cells, desk.lang))
    return 0


@request.command(help=help_of("request.withdraw"))
@_number
@click.option("--reason", required=True, help=help_of("request.reason"))
@acting
@language
def withdraw(number: str, reason: str, who: str | None, lang: str | None) -> int:
    """Close a request that gets no answer."""
    from exports.register import reception

    desk = _desk(who, lang)
    return _said(desk, reception.withdraw(desk, number, reason))


@request.command(help=help_of("request.calendar"))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=help_of("request.ics"))
@acting
@language
def calendar(out: Path | None, who: str | None, lang: str | None) -> int:
    """Requests that come back enter the register; due dates go into a calendar file."""
    from exports.register.calendar import enter, usual_file, write_due_dates
    from orchestration.request_view import listed

    desk = _desk(who, lang)
    entered = enter(desk)
    if entered:
        click.echo(listed(entered, desk.today, desk.lang))
    else:
        click.echo(say(desk.lang, "request.none_came"))
    path = out or usual_file(desk.home)
    write_due_dates(desk, path)
    click.echo(say(desk.lang, "answer.done", path=path))
    return 0


def _definition(desk: Desk, known: Any, meant: dict[str, Any]) -> Any:
    """What is meant: what was given, else what the request says, else the usual."""
    from exports.register.desk import definition_asked
    from exports.register.request import Definition

    before = definition_asked(known) if known is not None else None
    codes = tuple(meant["codes"]) or (before.codes if before else ())
    period = meant["period"] or (before.period if before else None)
    if not codes or not period:
        raise VigieError(say(desk.lang, "request.incomplete"))
    tongue = "nl" if desk.lang == "nl" else "fr"
    data_of = meant["data_of"]
    return Definition(
        codes=codes,
        period=period,
        profile=meant["profile"] or (before.profile if before else "public"),
        lang=meant["tongue"] or (before.lang if before else tongue),
        as_of=data_of.isoformat() if data_of else (before.as_of if before else None),
    )
