"""What the tests of the register share: an office that makes small packages at once, a clock that
can be set, a desk in a folder.

The fake office stands for the statistics alone: it writes a manifest and one table that depend on
all of its order, in the same folders and by the same rules as the real one (one draft, one rename).
`test_register_packages.py` walks once through everything with the real one.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from exports.errors import UnknownStatistic
from exports.manifest import FORMAT
from exports.package import draft_of
from exports.register import delivery, production, reception, review, upkeep
from exports.register.desk import Desk
from exports.register.folder import sha256
from exports.register.office import Made, Order, StatisticsOffice
from exports.register.reception import Arrival
from exports.register.request import Definition
from exports.register.store import Store
from exports.validation.finding import Finding

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **step: float) -> None:
        self.at += timedelta(**step)


class FakeOffice:
    """Makes packages of a few lines. `release_id` is the current release; `findings` is what the
    rules find.
    """

    def __init__(self) -> None:
        self.release_id = "2026-08-31_20260831T200000Z"
        self.findings: tuple[Finding, ...] = ()
        self.orders: list[Order] = []

    def statistics(self) -> frozenset[str]:
        return frozenset(("T01", "T02", "T08"))

    def examine(self, definition: Definition, due_on: date) -> Definition:
        codes = tuple(sorted(code.upper() for code in definition.codes))
        if not set(codes) <= {"T01", "T02", "T08"}:
            raise UnknownStatistic("La statistique n'existe pas.")
        return replace(definition, codes=codes)

    def write(self, order: Order, out: Path) -> Made:
        self.orders.append(order)
        release = order.release_id or self.release_id
        meant = order.definition
        name = f"{'-'.join(meant.codes)}_{meant.period}_{meant.profile}_{meant.lang}_{release}"
        with draft_of(out / name) as draft:
            table = draft / "table.csv"
            said = json.dumps(asdict(order.commission), default=str, sort_keys=True)
            known = [(one / "manifest.json").read_text() for one in order.earlier]
            table.write_text(f"{release}\n{said}\n{len(known)}\n")
            files = [{"name": table.name, "sha256": sha256(table)}]
            manifest = {
                "format": FORMAT,
                "files": files,
                "findings": len(self.findings),
                "statistics": [],
                "profile": meant.profile,
                "commission": asdict(order.commission),
            }
            (draft / "manifest.json").write_text(json.dumps(manifest, default=str))
        return Made(out / name, release, self.findings)

    def objection(self, package: Path) -> str:
        return StatisticsOffice(package.parents[4], "en").objection(package)


def finding(rule: str = "V01", level: str = "blocking", passed: bool = False) -> Finding:
    """One result of a rule."""
    failed = 0 if passed else 3
    return Finding(
        rule, level, "T01", passed, 10, failed, "Il manque des cellules.", "Er ontbreken cellen."
    )


def desk_of(home: Path, who: str = "Anne", **given) -> Desk:
    """The desk of a folder with a fake office and a clock that stands still."""
    url = given.pop("url", None)
    clock = given.pop("now", None) or Clock()
    store = given.pop("store", None) or Store(home, url, lang="en", now=clock)
    office = given.pop("office", None) or FakeOffice()
    checkers = given.pop("checkers", 1)
    desk = Desk(home, who, store, office, lang="en", now=clock, patience=0.3, **given)
    if checkers != 1:
        upkeep.set_checkers(desk, checkers, "Deux regards.")
    return desk


def other(desk: Desk, who: str) -> Desk:
    """The same desk, somebody else at it."""
    return replace(desk, who=who)


T01 = Definition(("T01",), "2025", "spf", "fr")


def arrival(wording: str = "Combien d'affiliés fin 2025 ?", **given) -> Arrival:
    """A request that comes in."""
    said = {
        "requester": "SPF Sécurité sociale",
        "contact": "Mme Peeters",
        "legal_basis": "AR n° 38, art. 21",
        "received_on": date(2026, 9, 1),
        "due_on": date(2026, 9, 30),
        "asked": T01,
    }
    return Arrival(wording=wording, **{**said, **given})


def reviewed(desk: Desk, wording: str = "Combien ?", **given) -> str:
    """A request whose first version waits for a verdict; Anne has produced it."""
    number = reception.receive(desk, arrival(wording, **given)).id
    reception.define(desk, number)
    production.produce(desk, number)
    review.ask(desk, number)
    return number


def approved(desk: Desk, wording: str = "Combien ?", **given) -> str:
    """A request whose first version Bart has approved."""
    number = reviewed(desk, wording, **given)
    review.approve(other(desk, "Bart"), number)
    return number


def delivered(desk: Desk, out: Path, wording: str = "Combien ?", **given) -> str:
    """A request whose answer lies in `out`."""
    number = approved(desk, wording, **given)
    delivery.deliver(desk, number, out)
    return number


def actions(desk: Desk) -> list[str]:
    """What the register says was done, in its order."""
    return [one.action for one in desk.store.events()]
