"""What a recipient has already counts wholly: other statistics, other periods, the public's."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from exports.errors import (
    AlteredPackage,
    ExportError,
    NotAPackage,
    OtherRecipient,
    UnprotectedCells,
)
from exports.profiles import find_profile
from exports.protection import answer as steps
from exports.protection import protect_answer
from tests.unit.exports.plain_attacker import Attack
from tests.unit.exports.random_statistics import cells_of, database, flow, people, requests, stock
from tests.unit.exports.test_export_protection import write_package

PUBLIC = replace(find_profile("public"), left_out_pct=100)
SPF = replace(find_profile("spf"), left_out_pct=100)


class Recipient:
    """Somebody who asks one thing after another and keeps what they got. `statistics`: all there
    are, with their records.
    """

    def __init__(self, statistics: dict, folder, profile=PUBLIC) -> None:
        self.statistics, self.folder, self.profile = statistics, folder, profile
        self.connection = database(statistics)
        self.shown: dict = {}
        self.there: set = set()
        self.packages: list = []

    def ask(self, *codes: str, often: str = "year quarter month") -> dict:
        """Ask for statistics at some frequencies; returns the cells that are shown."""
        length = {"year": 4, "quarter": 6, "month": 7}
        wanted = {length[one] for one in often.split()}
        mine = {one: rows for one, rows in self.statistics.items() if one.code in codes}
        asked = [
            (one, sorted({span for span, _, _ in cells_of(one, rows) if len(span) in wanted}))
            for one, rows in mine.items()
        ]
        catalogue = {one.code: one for one in self.statistics}
        found = protect_answer(self.connection, asked, self.profile, "fr", self.packages, catalogue)
        shown, there = {}, set()
        for one in mine:
            names = ", ".join(f'"{n}"' for n in ("ref_period", *one.dimension_names, "measure"))
            for period, *codes_of, measure, value in self.connection.execute(
                f"select {names}, obs_value from {found[one.code].table}"
            ).fetchall():
                cell = (one.code, period, tuple(codes_of), measure)
                there.add(cell)
                if value is not None:
                    shown[cell] = value
        place = self.folder / f"package{len(self.packages)}"
        self.packages.append(write_package(place, mine, shown, self.profile.name, there))
        self.shown |= shown
        self.there |= there
        return shown

    def exposed(self) -> list[str]:
        """Who can be worked out of everything together."""
        attack = Attack(self.statistics, self.shown, self.there, self.profile)
        return attack.exposed(insiders=False)


def same_people(seed: int) -> dict:
    """Two statistics that count the same persons."""
    persons = people(random.Random(seed), 120)
    return dict.fromkeys(stock(), persons)


def one_flow(seed: int) -> dict:
    """Requests by month, quarter and year."""
    return {flow(): requests(random.Random(seed), 500)}


def one_after_the_other(recipient: Recipient) -> None:
    recipient.ask("T92")
    recipient.ask("T91")


def months_after_their_quarters(recipient: Recipient) -> None:
    recipient.ask("T94", often="quarter")
    recipient.ask("T94", often="month")


WAYS = [(same_people, one_after_the_other), (one_flow, months_after_their_quarters)]


@pytest.mark.parametrize(("world", "ask"), WAYS)
def test_what_was_asked_before_counts_wholly(world, ask, tmp_path):
    """A statistic with the same people, the quarters of the months: protected, or refused."""
    answered = 0
    for seed in range(3):
        recipient = Recipient(world(seed), made(tmp_path / str(seed)))
        try:
            ask(recipient)
        except UnprotectedCells:
            # What was given before is all that this recipient gets.
            continue
        answered += 1
        assert recipient.exposed() == []
    assert answered


def made(folder):
    folder.mkdir()
    return folder


@pytest.mark.parametrize(("world", "ask"), WAYS)
def test_forgetting_what_else_was_given_exposes_somebody(world, ask, tmp_path, monkeypatch):
    """With the cells that are asked for again alone."""
    monkeypatch.setattr(steps, "told_besides", lambda *_: {})
    exposed = []
    for seed in range(3):
        recipient = Recipient(world(seed), made(tmp_path / str(seed)))
        ask(recipient)
        exposed += recipient.exposed()
    assert exposed


def test_what_the_public_has_everybody_has(tmp_path):
    """A package for the public counts for another recipient, with a threshold of his own."""
    public = Recipient(same_people(0), tmp_path)
    public.ask("T92")
    spf = Recipient(public.statistics, tmp_path, SPF)
    spf.packages, spf.shown, spf.there = list(public.packages), public.shown, public.there
    spf.ask("T91")
    assert spf.exposed() == []


@pytest.mark.parametrize(
    ("profile", "name"), [(PUBLIC, "inasti"), (PUBLIC, "nobody"), (SPF, "inasti"), (SPF, "nobody")]
)
def test_a_package_for_another_recipient_is_refused(profile, name, tmp_path):
    """Not silently dropped: whom it was for is said."""
    recipient = Recipient(same_people(0), tmp_path, profile)
    recipient.ask("T92")
    told(recipient.packages[0], profile=name)
    with pytest.raises(OtherRecipient) as refused:
        recipient.ask("T91")
    assert {"inasti": "INASTI"}.get(name, name) in str(refused.value)
    assert "package0" in str(refused.value)


def told(package, **changed) -> None:
    manifest = package / "manifest.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(said | changed), encoding="utf-8")


def no_manifest(package) -> None:
    (package / "manifest.json").unlink()


def no_file(package) -> None:
    (package / "T92.csv").unlink()


def another_value(package) -> None:
    content = (package / "T92.csv").read_bytes()
    (package / "T92.csv").write_bytes(content[:-3] + b"1\r\n")


def not_vouched_for(package) -> None:
    told(package, files=[])


@pytest.mark.parametrize(
    ("spoil", "kind", "words"),
    [
        (no_manifest, NotAPackage, "ne contient pas"),
        (no_file, NotAPackage, "n'est pas complète"),
        (another_value, AlteredPackage, "a été modifiée"),
        (not_vouched_for, AlteredPackage, "a été modifiée"),
    ],
)
def test_a_package_that_is_not_as_it_left_is_refused(spoil, kind, words, tmp_path):
    """No manifest, a file missing and a changed one are told apart."""
    recipient = Recipient(same_people(0), tmp_path)
    recipient.ask("T92")
    spoil(recipient.packages[0])
    with pytest.raises(ExportError, match=words) as refused:
        recipient.ask("T91")
    assert type(refused.value) is kind


def test_what_nothing_new_is_said_of_is_left_alone(tmp_path):
    """A package that no equation ties to what is asked for changes nothing."""
    statistics = same_people(0) | one_flow(0)
    alone = Recipient(statistics, tmp_path).ask("T94")
    recipient = Recipient(statistics, made(tmp_path / "second"))
    recipient.ask("T92")
    assert recipient.ask("T94") == alone


def _both_exposed(authority: Recipient, everybody: Recipient) -> list[str]:
    """Whom an authority can work out that has the public answer beside its own."""
    shown = everybody.shown | authority.shown
    there = everybody.there | authority.there
    return Attack(authority.statistics, shown, there, authority.profile).exposed(insiders=False)


@pytest.mark.parametrize(
    ("world", "first", "then"),
    [(same_people, "T92", "T91"), (same_people, "T91", "T91"), (one_flow, "T94", "T94")],
)
def test_a_public_answer_gives_nobody_away_to_who_has_more(world, first, then, tmp_path):
    """The authority was answered before; it reads what the public is told as well. The control,
    which knows nothing of its package, shows that this is needed.
    """
    answered, needed = 0, 0
    for seed in range(4):
        authority = Recipient(world(seed), made(tmp_path / f"{seed}-a"), SPF)
        authority.ask(first, often="quarter year")
        careless = Recipient(authority.statistics, made(tmp_path / f"{seed}-c"), PUBLIC)
        careless.ask(then)
        needed += bool(_both_exposed(authority, careless))
        everybody = Recipient(authority.statistics, made(tmp_path / f"{seed}-p"), PUBLIC)
        everybody.packages = list(authority.packages)
        try:
            everybody.ask(then)
        except UnprotectedCells:
            continue
        answered += 1
        assert _both_exposed(authority, everybody) == []
        assert everybody.exposed() == []
    assert answered
    assert needed
