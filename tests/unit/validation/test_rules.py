"""Each rule of validation holds on a sound release and fails on the fault that it is there for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from exports.answer import prepare
from exports.files import write_files
from exports.validation.finding import BLOCKING, WARNING
from exports.validation.rule import rules
from release.reader import Release
from tests.unit.validation.answers import CODES, DAY, RELEASE, failed, found


def test_every_rule_looks_at_every_statistic_and_holds(sound):
    findings = found(Release(RELEASE, sound, DAY))
    assert list(findings) == [(rule, code) for code in CODES for rule in rules()]
    assert failed(findings) == set()
    looked_at = {rule for (rule, _), one in findings.items() if one.looked_at}
    # Nothing was delivered before.
    assert looked_at == rules().keys() - {"V31", "V32", "V33", "V34"}


def test_a_protected_answer_holds_too(sound):
    release = Release(RELEASE, sound, DAY)
    assert failed(found(release, ["T02", "T04"], profile="public")) == set()


#: (rule, statistic, what is done to the cells of the answer)
LEAVING = {
    "a cell is not there": (
        ("V01", "T01"),
        "delete from answer_t01 where nature = 'main' and sex = 'F' and ref_period = '2025Q2'",
    ),
    "another value": (
        ("V02", "T01"),
        "update answer_t01 set obs_value = obs_value + 1 where nature = 'main' and sex = 'F'",
    ),
    "a cell twice": (
        ("V02", "T04"),
        "insert into answer_t04 select * from answer_t04 where ref_period = '2025-05'",
    ),
    "a cell of no release": (
        ("V02", "T02"),
        "insert into answer_t02 select * replace ('501' as profession, 'F' as sex, '_Z' as nature)"
        " from answer_t02 limit 1",
    ),
    "an unknown value": (
        ("V04", "T08"),
        "update answer_t08 set obs_value = null where measure = 'claimed_amount'",
    ),
    "what is shown does not add up": (
        ("V10", "T02"),
        "update answer_t02 set obs_value = obs_value + 1 where profession = '301' and sex = 'F'",
    ),
    "what is shown differs from another table": (
        ("V20", "T01"),
        "update answer_t01 set obs_value = obs_value + 1",
    ),
}


@pytest.mark.parametrize("fault", LEAVING)
def test_a_fault_in_what_leaves_is_found(sound, fault):
    key, statement = LEAVING[fault]
    findings = found(Release(RELEASE, sound, DAY), [key[1]], before=[statement])
    assert key in failed(findings)
    assert findings[key].failed >= 1
    assert key[1] in findings[key].sentence_fr
    assert key[1] in findings[key].sentence_nl


#: (rule, statistic, what is done to the release)
HELD = {
    "a month without rows": (
        ("V03", "T04"),
        "delete from statistics.stat_t04 where ref_period = '2025-05'",
    ),
    "a sex that is not there": (
        ("V05", "T01"),
        "delete from statistics.stat_t01 where sex = 'F' and ref_period = '2025'",
    ),
    "a code that was always there": (
        ("V06", "T04"),
        "delete from statistics.stat_t04 where flow_type = 'pension' and ref_period = '2025'",
    ),
    "a code in no list": (
        ("V07", "T04"),
        "update statistics.stat_t04 set flow_type = 'strange' where flow_type = 'pension'",
    ),
    "a profession that nobody lists": (
        ("V08", "T02"),
        "update statistics.stat_t02 set profession = '888' where profession = '501'",
    ),
    "a code without Dutch": (
        ("V09", "T01"),
        "update core.dim_code set label_nl = ' ' where code = 'main' and list_name = 'nature'",
    ),
    "a hidden part that does not add up": (
        ("V11", "T02"),
        "update statistics.stat_t02 set obs_value = obs_value + 1 where ref_period = '2025'"
        " and profession = '301' and nature = 'main' and sex = 'M'",
    ),
    "months that are not their quarter": (
        ("V11", "T04"),
        "update statistics.stat_t04 set obs_value = obs_value + 1"
        " where ref_period = '2025-02' and flow = 'starter' and measure = 'events'",
    ),
    "more debtors than there are in the parts": (
        ("V11", "T08"),
        "update statistics.stat_t08 set obs_value = 9999"
        " where ref_period = '2025' and measure = 'debtors' and nature = '_T'",
    ),
    "fewer debtors than in one part": (
        ("V11", "T08"),
        "update statistics.stat_t08 set obs_value = 9"
        " where ref_period = '2025' and measure = 'debtors' and nature = '_T'",
    ),
    "persons that another table does not count": (
        ("V20", "T02"),
        "update statistics.stat_t01 set obs_value = obs_value + 1 where ref_period = '2025'",
    ),
    "stocks that the moves do not explain": (
        ("V20", "T04"),
        "update statistics.stat_t04 set obs_value = obs_value + 1"
        " where ref_period = '2025' and flow = 'stock_end'",
    ),
    "a check that warns": (
        ("V21", "T01"),
        "update meta.checks set status = 'warn' where check_id = 'statistics_add_up'",
    ),
    "checks that were never run": (("V21", "T01"), "delete from meta.checks"),
    "a leap that the past does not explain": (
        ("V30", "T01"),
        "update statistics.stat_t01 set obs_value = obs_value * 2 where ref_period = '2025'",
    ),
    "a share of more than the whole": (
        ("V50", "T08"),
        "update statistics.stat_t08 set obs_value = 101 where measure = 'perception_pct'",
    ),
    "a share below nothing": (
        ("V50", "T08"),
        "update statistics.stat_t08 set obs_value = -1 where measure = 'perception_pct'",
    ),
    "a number below nothing": (
        ("V51", "T01"),
        "update statistics.stat_t01 set obs_value = -1 where nature = 'main'",
    ),
}


@pytest.mark.parametrize("fault", HELD)
def test_a_fault_of_the_release_is_found(changed, fault):
    key, statement = HELD[fault]
    findings = found(changed(statement), [key[1]])
    assert key in failed(findings)
    assert findings[key].level == rules()[key[0]].level
    assert findings[key].failed <= findings[key].looked_at


def test_every_rule_is_seen_to_fail():
    """The tests of this file leave no rule out."""
    elsewhere = {"V31", "V32", "V33", "V34", "V40", "V41"}
    assert {key[0] for key, _ in (*LEAVING.values(), *HELD.values())} | elsewhere == set(rules())


def test_data_of_before_the_end_of_a_period(sound):
    """A period that runs is told; T08 gives running years, with a warning."""
    early = Release(RELEASE, sound, date(2025, 12, 30))
    findings = found(early)
    assert {("V40", code) for code in ("T01", "T02", "T04")} <= failed(findings)
    assert ("V40", "T08") not in failed(findings)
    assert ("V41", "T08") in failed(findings)
    assert findings["V41", "T08"].level == WARNING
    on_the_day = found(Release(RELEASE, sound, date(2025, 12, 31)))
    assert not {key for key in failed(on_the_day) if key[0] in ("V40", "V41")}


def test_more_paid_back_than_came_in_is_a_share_below_nothing(changed):
    release = changed(
        "update statistics.stat_t08 set obs_value = -5"
        " where measure in ('perception_pct', 'collected_amount') and nature = 'main'"
    )
    assert ("V50", "T08") not in failed(found(release, ["T08"]))


def test_a_change_like_former_ones_is_no_leap(changed):
    """What doubles every year doubles once more."""
    release = changed(
        "update statistics.stat_t01 set obs_value = obs_value"
        " * pow(2, cast(left(ref_period, 4) as integer) - 2017)"
    )
    assert ("V30", "T01") not in failed(found(release, ["T01"]))


def test_small_cells_are_not_judged(changed):
    """Chance alone moves them."""
    release = changed(
        "update statistics.stat_t01 set obs_value = obs_value * 2 where ref_period = '2025'",
        "update statistics.stat_t01 set contributors = 19",
    )
    assert found(release, ["T01"])["V30", "T01"].looked_at == 0


def test_the_last_delivery_counts_for_plausibility_and_revisions(sound, changed, tmp_path):
    """A value delivered last year, not the one of today, is what this year's is compared with; a
    delivered one that is far from today's is told.
    """
    first = Release(RELEASE, sound, DAY)
    for period in ("2024", "2025"):
        contents, cursor = prepare(first, ["T01"], period, profile="inasti")
        write_files(contents, cursor, tmp_path / "out", home=tmp_path / "home")
    earlier = sorted((tmp_path / "out").iterdir())
    release = changed(
        "update statistics.stat_t01 set obs_value = obs_value * 1.5 where ref_period >= '2024'"
    )
    release = replace(release, id="2026-02-28_20260301T020000Z")
    alone = found(release, ["T01"])
    # Both years leapt together; T02 did not.
    assert failed(alone) == {("V20", "T01")}
    findings = found(release, ["T01"], earlier=earlier)
    assert {("V30", "T01"), ("V31", "T01")} <= failed(findings)
    # 2025 lies as far above 2024 as ever, but not above what was given of 2024.
    assert findings["V30", "T01"].looked_at == alone["V30", "T01"].looked_at
    assert findings["V31", "T01"].failed == findings["V31", "T01"].looked_at
    slightly = changed("update statistics.stat_t01 set obs_value = obs_value + 5")
    slightly = replace(slightly, id="2026-02-28_20260301T020000Z")
    assert ("V31", "T01") not in failed(found(slightly, ["T01"], earlier=earlier))


def test_findings_hold_no_value(changed):
    """They leave with the package, and a cell they name may be hidden in it."""
    release = changed(
        "update statistics.stat_t01 set obs_value = obs_value + 77777 where ref_period = '2025'"
    )
    for one in found(release, ["T01"]).values():
        assert "7777" not in one.sentence_fr + one.sentence_nl


def test_rules_are_written_as_people_read_them():
    """Each has both languages, a sentence for each outcome, and names an example when it fails."""
    ids = list(rules())
    assert ids == sorted(set(ids))
    for rule in rules().values():
        assert rule.level in (BLOCKING, WARNING)
        for lang in ("fr", "nl"):
            assert rule.title(lang)
            held, said = (getattr(rule, f"{part}_{lang}") for part in ("held", "failed"))
            assert (held[-1], said[-1]) == (".", ".")
            assert "{looked_at}" in held
            assert "{example}" in said
