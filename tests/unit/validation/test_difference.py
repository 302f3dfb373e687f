"""What changed since an earlier package is about enough people, in every respect of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from exports.answer import prepare
from exports.files import write_files
from exports.validation.finding import BLOCKING
from release.reader import Release, close_all
from tests.unit.validation.answers import DAY, RELEASE, found


@pytest.fixture(scope="module")
def given(sound, tmp_path_factory) -> Path:
    """A package that the public has: T01, T04 and T08 of 2025."""
    out = tmp_path_factory.mktemp("given")
    contents, cursor = prepare(Release(RELEASE, sound, DAY), ["T01", "T04", "T08"], "2025")
    package = write_files(contents, cursor, out / "out", home=out / "home")
    close_all()
    return package.folder


#: What one dossier, or several, do to a stock: (statements, whether the difference shows them)
MOVES = {
    "one more": (1, "sex in ('F', '_T') and nature in ('main', '_T')", True),
    "four more": (4, "sex in ('F', '_T') and nature in ('main', '_T')", True),
    "five more": (5, "sex in ('F', '_T') and nature in ('main', '_T')", False),
}


@pytest.mark.parametrize("moved", MOVES)
def test_a_difference_of_few_people_stops(changed, given, moved):
    people, where, shows = MOVES[moved]
    release = changed(
        f"update statistics.stat_t01 set obs_value = obs_value + {people},"
        f" contributors = contributors + {people} where ref_period = '2025Q3' and {where}"
    )
    release = replace(release, id="2026-02-28_20260301T020000Z")
    finding = found(release, ["T01"], earlier=[given], profile="public")["V32", "T01"]
    assert finding.passed is not shows
    assert finding.level == BLOCKING
    # Who sees every dossier anyway is told nothing by a difference.
    inside = found(release, ["T01"], earlier=[given])["V32", "T01"]
    assert (inside.passed, inside.looked_at) == (True, 0)


def test_a_dossier_that_moved_from_one_cell_to_another_is_seen(changed, given):
    """No total changes; two cells do."""
    release = changed(
        "update statistics.stat_t01 set obs_value = obs_value"
        " + case nature when 'main' then 2 else -2 end"
        " where ref_period = '2025' and sex in ('F', '_T') and nature in ('main', 'complementary')"
    )
    release = replace(release, id="2026-02-28_20260301T020000Z")
    finding = found(release, ["T01"], earlier=[given], profile="public")["V32", "T01"]
    assert (finding.passed, finding.failed) == (False, 4)


def test_few_cells_of_amounts_are_a_difference_of_few(changed, given):
    where = "ref_period = '2025' and measure = 'claimed_amount'"
    release = changed(
        f"update statistics.stat_t08 set obs_value = obs_value + 700 where {where}"
        " and nature in ('main', '_T')"
    )
    release = replace(release, id="2026-02-28_20260301T020000Z")
    assert not found(release, ["T08"], earlier=[given], profile="public")["V32", "T08"].passed


#: Enough people changed in one respect, fewer in another: (statistic, statements)
MASKS = {
    "payments of one company behind a count": (
        "T08",
        "update statistics.stat_t08 set obs_value = obs_value + 8"
        " where measure = 'debtors' and ref_period = '2025'",
        "update statistics.stat_t08 set obs_value = obs_value + 55.44"
        " where measure = 'collected_amount' and ref_period = '2025' and nature in ('main', '_T')",
    ),
    "another period": (
        "T01",
        "update statistics.stat_t01 set obs_value = obs_value + 8"
        " where ref_period = '2025Q2' and sex in ('F', '_T') and nature in ('main', '_T')",
        "update statistics.stat_t01 set obs_value = obs_value + 1"
        " where ref_period = '2025Q3' and sex in ('F', '_T') and nature in ('main', '_T')",
    ),
    "what is never added up": (
        "T04",
        "update statistics.stat_t04 set obs_value = obs_value + 8, contributors = contributors + 8"
        " where ref_period = '2025' and flow = 'starter' and measure = 'events'"
        " and sex in ('F', '_T')",
        "update statistics.stat_t04 set obs_value = obs_value + 1, contributors = contributors + 1"
        " where ref_period = '2025' and flow = 'cessation' and measure = 'events'"
        " and sex in ('F', '_T')",
    ),
    "another breakdown": (
        "T01",
        "update statistics.stat_t01 set obs_value = obs_value"
        " + case nature when 'main' then 8 else -8 end"
        " where ref_period = '2025' and sex in ('F', '_T') and nature in ('main', 'complementary')",
        "update statistics.stat_t01 set obs_value = obs_value"
        " + case sex when 'M' then 1 else -1 end"
        " where ref_period = '2025' and sex <> '_T' and nature in ('after_pension', '_T')",
    ),
}


@pytest.fixture
def judge(changed, given):
    """`judge(code, *sql, since=())`: what the rule says of a release that `sql` makes of the sound
    one, which stands beside it. `since`: what was so then already.
    """

    def judged(code: str, *statements: str, since=()):
        then = changed(*since).path
        close_all()
        kept = then.rename(then.with_name("then"))
        later = changed(*since, *statements).path
        close_all()
        later = later.rename(later.with_name("2026-02-28_20260301T020000Z.duckdb"))
        kept.rename(then)
        today = Release(later.stem, later, date(2026, 2, 28))
        return found(today, [code], earlier=[given], profile="public")["V32", code]

    return judged


@pytest.mark.parametrize("mask", MASKS)
def test_many_do_not_hide_the_few_beside_them(judge, mask):
    code, many, few = MASKS[mask]
    assert judge(code, many).passed
    assert not judge(code, many, few).passed


#: What happened to a count of things or an amount: (statistic, statement, does it show anybody).
_EVENTS = (
    "update statistics.stat_t04 set {} where ref_period = '2025' and flow = 'starter'"
    " and measure = 'events' and sex in ('F', '_T')"
)
_CLAIMED = (
    "update statistics.stat_t08 set {} where ref_period = '2025' and measure = 'claimed_amount'"
)
_OF_NATURE = " and nature in ('main', '_T')"
THINGS = {
    "eight events of one person": ("T04", _EVENTS.format(
        "obs_value = obs_value + 8, contributors = contributors + 1, largest_contribution = 8"
    ), True),
    "eight events of eight people": ("T04", _EVENTS.format(
        "obs_value = obs_value + 8, contributors = contributors + 8"
    ), False),
    "eight events of people who had some": ("T04", _EVENTS.format(
        "obs_value = obs_value + 8, largest_contribution = 2"
    ), True),
    "ten events of people who had some": ("T04", _EVENTS.format(
        "obs_value = obs_value + 10, largest_contribution = 2"
    ), False),
    # Nobody contributes more than 600: the change of one is 1 200 at most.
    "an amount that one may have moved": ("T08", _CLAIMED.format(
        "obs_value = obs_value + 1200"
    ) + _OF_NATURE, True),
    "an amount that takes five": ("T08", _CLAIMED.format(
        "obs_value = obs_value + 6000"
    ) + _OF_NATURE, False),
    "an amount of one large contributor": ("T08", _CLAIMED.format(
        "obs_value = obs_value + 6000, largest_contribution = 5000"
    ) + _OF_NATURE, True),
}  # fmt: skip


@pytest.mark.parametrize("case", THINGS)
def test_things_are_no_people_and_an_amount_tells_how_many_it_takes(judge, case):
    code, statement, shows = THINGS[case]
    assert judge(code, statement).passed is not shows


def test_without_the_release_of_then_things_and_amounts_tell_of_nobody(changed, given):
    for code, statement, shows in THINGS.values():
        release = replace(changed(statement), id="2026-02-28_20260301T020000Z")
        finding = found(release, [code], earlier=[given], profile="public")["V32", code]
        assert not finding.passed, statement
        assert shows is not None


def test_one_debtor_with_something_in_every_cell_is_no_crowd(judge):
    """Where a contributor stands in several cells of a breakdown, these are not many people: 4.5,
    4.5 and 2.5 of different ones are half of that at least, of the same ones 4.5.
    """
    moved = "case nature when 'main' then 5400 when 'complementary' then -5400 else 3000 end"
    paid = f"update statistics.stat_t08 set obs_value = obs_value + {moved} where"
    paid += " ref_period = '2025' and measure = 'collected_amount'"
    assert judge("T08", paid).passed
    alike = "update statistics.stat_t08 set contributors = 400 where nature = '_T'"
    assert not judge("T08", paid, since=[alike]).passed


def test_who_moved_from_cell_to_cell_does_not_hide_who_paid_and_stayed(judge):
    """Eight new debtors, and one of another nature who pays: its cell has as many as before."""
    movers = _CLAIMED.format("obs_value = obs_value + 4000, contributors = contributors + 8")
    movers += _OF_NATURE
    payer = _CLAIMED.format("obs_value = obs_value + 55")
    payer += " and nature in ('after_pension', '_T')"
    assert judge("T08", movers).passed
    finding = judge("T08", movers, payer)
    assert (finding.passed, finding.failed) == (False, 1)
    assert "Activité après l'âge de la pension" in finding.sentence_fr


def test_a_mean_or_a_rate_is_judged_where_its_terms_are_not_shown(changed, given):
    """Where they are, it tells nothing that they do not, and they are judged."""
    release = changed(
        "update statistics.stat_t08 set obs_value = obs_value + 8"
        " where measure = 'debtors' and ref_period = '2025'",
        "update statistics.stat_t08 set obs_value = obs_value + 0.25"
        " where measure = 'perception_pct' and ref_period = '2025' and nature in ('main', '_T')",
    )
    release = replace(release, id="2026-02-28_20260301T020000Z")
    without = ["delete from answer_t08 where measure = 'collected_amount'"]
    for before, passes in (([], True), (without, False)):
        findings = found(release, ["T08"], before=before, earlier=[given], profile="public")
        assert findings["V32", "T08"].passed is passes
    assert findings["V32", "T08"].failed == 2


def test_nothing_that_changed_shows_nobody(changed, given):
    release = replace(changed(), id="2026-02-28_20260301T020000Z")
    for code in ("T01", "T08"):
        finding = found(release, [code], earlier=[given], profile="public")["V32", code]
        assert finding.passed
        assert finding.looked_at > 0


def test_what_is_corrected_needs_its_release(sound, changed, given):
    """Its own, or one as of the same day with the same figures."""
    release = changed("update statistics.stat_t01 set obs_value = obs_value * 2")
    later = release.path.with_name("2026-02-28_20260301T020000Z.duckdb")
    release.path.rename(later)
    release = Release(later.stem, later, date(2026, 2, 28))

    def finding():
        return found(release, ["T01"], earlier=[given], profile="public")["V33", "T01"]

    beside = later.with_name(f"{RELEASE}.duckdb")
    assert not finding().passed
    assert "31/01/2026" in finding().sentence_nl
    shutil.copyfile(sound, beside)
    assert (finding().passed, finding().looked_at) == (True, 1)
    again = beside.rename(beside.with_name("2026-01-31_20260227T020000Z.duckdb"))
    assert finding().passed
    close_all()
    # As of the same day, but of other figures: the package was not made of it.
    shutil.copyfile(later, again)
    assert not finding().passed
