"""`vigie request …`: the register of the statistics desk on the command line.

Each command reads its arguments, calls one function of `exports.register` and says what became of
the request. Does not belong here: what a request may become (exports/register), how it is shown
(request_view.py).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.commands.options import FOLDER, Date, Moment, acting, help_of, language
from orchestration.errors import VigieError
from orchestration.interrupts import heeded
from orchestration.settings import Settings
from orchestration.texts import say

if TYPE_CHECKING:
    from exports.register.desk import Desk
    from exports.register.request import Request

_CAUSES = ("error", "late_data", "correction", "definition", "law")


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
    from orchestration.commands.request_view import line_of

    click.echo(line_of(desk.look(done.id), desk.lang))
    return 0


@click.group(help=help_of("request"))
def request() -> None:
    """Group of the commands of the register."""


def _command(key: str, *parameters: Callable[..., Any]) -> Callable[..., Any]:
    """A command of the group, by the key of its help: its parameters, who acts, the language. What
    it does is given the desk as that person works at it, and ends by Ctrl-C or SIGTERM as any
    command that writes.
    """

    def made(work: Callable[..., int]) -> click.Command:
        def run(who: str | None, lang: str | None, **given: Any) -> int:
            with heeded():
                return work(_desk(who, lang), **given)

        run.__doc__ = work.__doc__
        for parameter in reversed((*parameters, acting, language)):
            run = parameter(run)
        return request.command(key.partition(".")[2], help=help_of(key))(run)

    return made


def _step(key: str, *parameters: Callable[..., Any]) -> Callable[..., Any]:
    """A command that takes one request one step further, and says where it is then."""

    def made(work: Callable[..., Any]) -> click.Command:
        def stepped(desk: Desk, **given: Any) -> int:
            return _said(desk, work(desk, **given))

        stepped.__doc__ = work.__doc__
        return _command(key, _number, *parameters)(stepped)

    return made


def _working(desk: Desk) -> None:
    """Say to a person that it takes a while; what reads the output by itself waits anyway."""
    if sys.stderr.isatty():
        click.echo(say(desk.lang, "request.works"), err=True)


_reason = click.option("--reason", required=True, help=help_of("request.reason"))
_as_json = click.option("--json", "as_json", is_flag=True, help=help_of("status.json"))


@_command(
    "request.add",
    _defining,
    click.option("--requester", required=True, help=help_of("request.requester")),
    click.option("--contact", required=True, help=help_of("request.contact")),
    click.option("--legal-basis", required=True, help=help_of("request.legal_basis")),
    click.option("--wording", required=True, help=help_of("request.wording")),
    click.option("--received", type=Date(), help=help_of("request.received")),
    click.option("--due", type=Date(), required=True, help=help_of("request.due")),
)
def add(
    desk: Desk,
    requester: str,
    contact: str,
    legal_basis: str,
    wording: str,
    received: date | None,
    due: date,
    **meant: Any,
) -> int:
    """Register a request."""
    from exports.register.reception import Arrival, receive

    asked = _definition(desk, None, meant) if any(meant.values()) else None
    day = received or desk.today
    arrived = Arrival(requester, contact, legal_basis, wording, day, due, asked)
    return _said(desk, receive(desk, arrived))


@_command(
    "request.list",
    click.option("--state", help=help_of("request.state")),
    click.option("--late", is_flag=True, help=help_of("request.late")),
    _as_json,
)
def list_(desk: Desk, state: str | None, late: bool, as_json: bool) -> int:
    """Requests of the register."""
    from exports.register.states import STATES
    from orchestration.commands.request_view import listed, summary

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


@_command("request.show", _number, _as_json)
def show(desk: Desk, number: str, as_json: bool) -> int:
    """All that the register knows of a request."""
    from exports.register.request import described
    from orchestration.commands.request_view import shown

    found = desk.look(number)
    if as_json:
        said = {**described(found), "is_late": found.is_late(desk.today)}
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        click.echo(shown(found, desk))
    return 0


@_step("request.define", _defining)
def define(desk: Desk, number: str, **meant: Any) -> Request:
    """What exactly is meant."""
    from exports.register import reception

    given = _definition(desk, desk.request(number), meant) if any(meant.values()) else None
    return reception.define(desk, number, given)


@_step("request.produce")
def produce(desk: Desk, number: str) -> Request:
    """Make the package."""
    from exports.register import production
    from orchestration.commands.request_view import failures, holdings

    _working(desk)
    made = production.produce(desk, number)
    for line in holdings(made, desk):
        click.echo(line)
    for sentence in failures(made, desk.lang):
        click.echo(sentence, err=True)
    return made


@_step(
    "request.review",
    click.option("--waive", "rules", multiple=True, metavar="RULE", help=help_of("request.waive")),
    click.option("--reason", "reasons", multiple=True, help=help_of("request.waive_reason")),
)
def review(desk: Desk, number: str, rules: Sequence[str], reasons: Sequence[str]) -> Request:
    """Ask for a review."""
    from exports.register.review import ask

    if len(reasons) not in (len(rules), 1 if rules else 0):
        raise VigieError(say(desk.lang, "request.reasons"))
    given = reasons if len(reasons) == len(rules) else reasons * len(rules)
    return ask(desk, number, dict(zip(rules, given, strict=True)))


@_step(
    "request.approve",
    click.option("--comment", default="", help=help_of("request.comment")),
    click.option("--override", metavar="REASON", help=help_of("request.override")),
)
def approve(desk: Desk, number: str, comment: str, override: str | None) -> Request:
    """Vote for the package, or override the review."""
    from exports.register import review as eyes

    if override is not None and comment:
        raise VigieError(say(desk.lang, "request.either"))
    _working(desk)
    if override is not None:
        return eyes.override(desk, number, override)
    return eyes.approve(desk, number, comment)


@_step("request.refuse", _reason)
def refuse(desk: Desk, number: str, reason: str) -> Request:
    """Vote against the package."""
    from exports.register.review import refuse as against

    return against(desk, number, reason)


@_step("request.recall", _reason)
def recall(desk: Desk, number: str, reason: str) -> Request:
    """Take back what has not left."""
    from exports.register.review import recall as take_back

    return take_back(desk, number, reason)


@_command(
    "request.deliver",
    _number_or_all,
    click.option("--out", type=FOLDER, help=help_of("request.out")),
    click.option("--not-before", type=Moment(), help=help_of("request.not_before")),
    click.option("--reason", help=help_of("request.moved_because")),
)
def deliver(
    desk: Desk,
    number: str | None,
    out: Path | None,
    not_before: datetime | None,
    reason: str | None,
) -> int:
    """Hand out one package, or all whose moment has come."""
    from exports.register import delivery

    if number is not None:
        return _said(desk, delivery.deliver(desk, number, out, not_before, reason))
    if (out, not_before, reason) != (None, None, None):
        raise VigieError(say(desk.lang, "request.which"))
    left, failed = delivery.deliver_due(desk)
    for one in left:
        _said(desk, one)
    for name, error in failed:
        click.echo(say(desk.lang, "request.not_left", number=name, reason=error), err=True)
    if not left and not failed:
        click.echo(say(desk.lang, "request.nothing_due"))
    return 1 if failed else 0


@_step("request.acknowledge", click.option("--on", type=Date(), help=help_of("request.on")))
def acknowledge(desk: Desk, number: str, on: date | None) -> Request:
    """The recipient has it."""
    from exports.register import reception

    return reception.acknowledge(desk, number, on)


@_step(
    "request.restate",
    click.option(
        "--cause", type=click.Choice(_CAUSES), required=True, help=help_of("request.cause")
    ),
    _reason,
    click.option("--due", type=Date(), help=help_of("request.restate_due")),
)
def restate(desk: Desk, number: str, cause: str, reason: str, due: date | None) -> Request:
    """Open the request that corrects a delivery."""
    from exports.register import reception
    from exports.register.outdated import is_same_today

    opened = reception.restate(desk, number, cause, reason, due)
    known = opened.received.reason
    if known != reason.strip():
        click.echo(say(desk.lang, "request.opened_before", reason=known), err=True)
    if is_same_today(desk, number):
        said = say(desk.lang, "request.same_today", id=number, opened=opened.id)
        click.echo(said, err=True)
    return opened


@_command(
    "request.restatements",
    _number_or_all,
    click.option("--back", type=click.IntRange(min=0), help=help_of("request.back")),
    _as_json,
)
def restatements(desk: Desk, number: str | None, back: int | None, as_json: bool) -> int:
    """Deliveries that would be different today, or the cells of one."""
    from exports.register.outdated import outdated
    from orchestration.changes import RawChanges
    from orchestration.commands import request_view

    years = Settings.from_env().restate_years if back is None else back
    found = outdated(desk, years, RawChanges(desk.home), number)
    if as_json:
        said = [request_view.restatement_json(one, number is not None) for one in found]
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
    elif number is None:
        click.echo(request_view.restatements(found, desk))
    else:
        (one,) = found
        click.echo(request_view.restated_cells(one.restatement.cells, desk.lang))
    return 0


@_step("request.withdraw", _reason)
def withdraw(desk: Desk, number: str, reason: str) -> Request:
    """Close a request that gets no answer."""
    from exports.register import reception

    return reception.withdraw(desk, number, reason)


@_command(
    "request.calendar",
    click.option(
        "--out", type=click.Path(dir_okay=False, path_type=Path), help=help_of("request.ics")
    ),
)
def calendar(desk: Desk, out: Path | None) -> int:
    """Requests that come back enter the register; due dates go into a calendar file."""
    from exports.register.calendar import enter, usual_file, write_due_dates
    from orchestration.commands.request_view import listed

    entered = enter(desk)
    if entered:
        click.echo(listed(entered, desk.today, desk.lang))
    else:
        click.echo(say(desk.lang, "request.none_came"))
    path = out or usual_file(desk.home)
    write_due_dates(desk, path)
    click.echo(say(desk.lang, "answer.done", path=path))
    return 0


@_command(
    "request.checkers",
    click.argument("many", type=int, required=False, metavar="[1|2]"),
    click.option("--reason", help=help_of("request.reason")),
)
def checkers(desk: Desk, many: int | None, reason: str | None) -> int:
    """How many must check a package, or the decision about it."""
    from exports.register.upkeep import set_checkers

    if (many is None) != (reason is None):
        raise VigieError(say(desk.lang, "request.decide_checkers"))
    house = desk.house() if many is None else set_checkers(desk, many, reason)
    click.echo(say(desk.lang, "request.checkers_are", number=house.checkers))
    return 0


@_command(
    "request.reseal",
    _reason,
    click.option("--witness", metavar="NAME", required=True, help=help_of("request.witness")),
)
def reseal(desk: Desk, reason: str, witness: str) -> int:
    """Sign the end of the register anew where its seal is lost."""
    from exports.register import upkeep

    sealed = upkeep.reseal(desk, reason, witness)
    click.echo(say(desk.lang, "request.resealed", line=sealed.number, where=desk.store.where))
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
