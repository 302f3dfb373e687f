"""A check says what a load then does, all of it at once, and writes nothing."""

import errno
import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.check import check
from ingest.contract import load_contracts
from ingest.errors import IngestError
from ingest.load import load_ready
from ingest.quarantine import HIDDEN_VALUE
from ingest.raw import RawHistory
from ingest.texts import LANGUAGES, TEXTS, in_language
from tests.unit.ingest.support import (
    NISS,
    edit_manifest,
    load,
    quarantine,
    valid,
    world,
    write_delivery,
)

DELTA = "2026-07-01-1"
EXTRACTS = ("affiliates", "charges", "payments", "affiliations")
_TOLD = "extract, line_number, key, rule, column_name, reason"


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder: when it was written, what is in it."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def held_against_a_load(landing: Path, home: Path, delivery_id: str):
    """Check, then load the same: what is said must be what comes. Returns the report."""
    before = everything(home) if home.exists() else None
    report = check(landing / delivery_id, home, rows=10_000)
    assert (everything(home) if home.exists() else None) == before
    outcome = load_ready(landing, home)
    if outcome.refused:
        assert not report.passes
        assert outcome.refused.faults[0] in report.refusals
        for fault in outcome.refused.faults:
            assert fault in report.refusals
        return report
    assert report.refusals == []
    if outcome.held:
        assert tuple(report.drops) == outcome.held.drops
        return report
    assert report.drops == []
    assert [receipt.delivery_id for receipt in outcome.loaded] == [delivery_id]
    receipt = outcome.loaded[0]
    assert (report.rows, report.rows_rejected) == (receipt.rows_delivered, receipt.rows_rejected)
    history = RawHistory(home)
    history.expose(history.plan())
    found = sorted(
        (one.extract, one.line, one.key, one.rule, one.column, one.reason)
        for one in report.rejected
    )
    stored = quarantine(home, _TOLD, f"delivery_id = '{delivery_id}'")
    assert found == sorted(stored)
    assert report.passes == (not stored)
    return report


def _row(extract: str, place: int) -> dict[str, str]:
    """A sound row of a delta, one of several."""
    numbers = {
        "affiliates": {"affiliate_id": f"A0000001{place}", "niss": NISS[2]},
        "affiliations": {"affiliation_id": f"F00000001{place}"},
        "charges": {"charge_id": f"D00000000001{place}"},
        "payments": {"payment_id": f"P00000000001{place}"},
    }
    return valid(extract, **numbers[extract])


#: Texts that some column or other does not take, and some that all do.
WRONG = ("", "x", "0", "-1", "1.999", "2026-02-30", "2030-01-01", "A00000009", "D000000000001",
         "cancellation", "main", "80051700337", "true", "9" * 101)  # fmt: skip


@st.composite
def wrong_deltas(draw):
    """Tables of a delta with random faults, and random faults of its files and manifest."""
    names = draw(st.lists(st.sampled_from(EXTRACTS), min_size=1, max_size=3, unique=True))
    tables = {}
    for name in sorted(names):
        rows = [_row(name, place) for place in range(draw(st.integers(1, 4)))]
        columns = list(rows[0])
        for _ in range(draw(st.integers(0, 3))):
            row = rows[draw(st.integers(0, len(rows) - 1))]
            row[draw(st.sampled_from(columns))] = draw(st.sampled_from(WRONG))
        if draw(st.integers(0, 4)) == 0:
            rows[0]["_op"] = draw(st.sampled_from(("D", "X")))
        if draw(st.integers(0, 4)) == 0:
            rows.append(dict(rows[0]))
        tables[name] = rows
    faults = draw(
        st.lists(
            st.tuples(
                st.sampled_from(sorted(tables)),
                st.sampled_from(("rows", "sha256", "total", "missing", "header", "cut", "none")),
            ),
            max_size=2,
        )
    )
    return tables, faults, draw(st.sampled_from(("100", "100", "30", "1")))


def _spoil(folder: Path, extract: str, fault: str) -> None:
    path = folder / f"{extract}.csv"
    if not path.exists():
        return
    if fault == "rows":
        edit_manifest(folder, extract, rows=77)
    elif fault == "sha256":
        edit_manifest(folder, extract, sha256="0" * 64)
    elif fault == "total":
        edit_manifest(folder, extract, control_total="12345.67")
    elif fault == "missing":
        path.unlink()
    elif fault in ("header", "cut"):
        import hashlib

        data = path.read_bytes()
        data = data.replace(b"_op,", b"nothing,", 1) if fault == "header" else data[:-4] + b'"\n'
        path.write_bytes(data)
        edit_manifest(folder, extract, sha256=hashlib.sha256(data).hexdigest())


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(wrong=wrong_deltas())
def test_what_a_check_says_of_a_random_delta_is_what_a_load_does(wrong, loaded_base, tmp_path):
    tables, faults, limit = wrong
    place = tmp_path / "one"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(loaded_base, place)
    folder = write_delivery(place / "landing", DELTA, "2026-07-01", "delta", tables)
    for extract, fault in faults:
        _spoil(folder, extract, fault)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_MAX_REJECTED_PCT", limit)
        held_against_a_load(place / "landing", place / "home", DELTA)


def test_a_first_full_delivery_without_home_or_key(tmp_path, any_share):
    tables = world()
    tables["charges"].append(valid("charges", charge_id="D000000000002", account_id="A99999999"))
    tables["payments"].append(valid("payments", payment_id="P1", amount="x"))
    write_delivery(tmp_path / "landing", "2026-06-30-1", "2026-06-30", "full", tables)
    report = held_against_a_load(tmp_path / "landing", tmp_path / "home", "2026-06-30-1")
    assert {(one.extract, one.rule) for one in report.broken} == {
        ("charges", "reference"),
        ("payments", "type"),
    }


def test_a_check_writes_nothing_where_there_is_nothing(tmp_path):
    folder = write_delivery(tmp_path, "2026-06-30-1", "2026-06-30", "full", world())
    assert check(folder, tmp_path / "home").passes
    assert not (tmp_path / "home").exists()


def test_a_full_delivery_that_takes_too_much_is_told_as_it_is_held(tmp_path):
    tables = world()
    tables["charges"] += [
        valid("charges", charge_id=f"D{place:012}", amount="10.00") for place in range(2, 130)
    ]
    landing, home = tmp_path / "landing", tmp_path / "home"
    write_delivery(landing, "2026-06-30-1", "2026-06-30", "full", tables)
    assert load(landing, home).refused is None
    tables["charges"] = tables["charges"][:50]
    write_delivery(landing, "2026-07-31-1", "2026-07-31", "full", tables)
    report = held_against_a_load(landing, home, "2026-07-31-1")
    assert [one.extract for one in report.drops] == ["charges"]
    assert not report.passes


def test_all_faults_are_told_at_once(base):
    """Refusals of the manifest and of files, rows of the files that can be read, what is left."""
    landing, home = base
    tables = {
        "charges": [_row("charges", 1)],
        "payments": [valid("payments", payment_id="P7", channel="pigeon")],
        "recovery_agents": [valid("recovery_agents", agent_type="sorcerer")],
    }
    folder = write_delivery(landing, DELTA, "2026-07-01", "delta", tables)
    edit_manifest(folder, "charges", sha256="0" * 64)
    edit_manifest(folder, "payments", control_total="1.00")
    report = check(folder, home)
    assert {one["file"] for one in report.refusals} == {
        "charges.csv",
        "payments.csv",
        "recovery_agents.csv",
    }
    assert {one.extract for one in report.broken} == {"payments", "recovery_agents"}
    assert "payments" in report.not_judged
    assert "recovery_agents" not in report.not_judged
    assert not report.deletes_judged


def test_a_folder_without_manifest(base, any_share):
    landing, home = base
    rows = [_row("payments", 1), valid("payments", payment_id="P000000000012", channel="pigeon")]
    folder = write_delivery(landing, DELTA, "2026-07-01", "delta", {"payments": rows})
    with_manifest = check(folder, home)
    (folder / "manifest.json").unlink()
    report = check(folder, home)
    assert not report.has_manifest
    assert (report.mode, report.business_date) == ("delta", date(2026, 7, 1))
    assert report.broken == with_manifest.broken
    (folder / "stranger.csv").write_text("a\n1\n")
    assert [one["file"] for one in check(folder, home).refusals] == ["stranger.csv"]


def test_an_empty_folder_says_what_is_missing(tmp_path):
    (tmp_path / "nothing").mkdir()
    report = check(tmp_path / "nothing", tmp_path / "home")
    assert not report.passes
    assert "neither a manifest nor a file" in report.refusals[0]["reason"]
    with pytest.raises(IngestError, match="There is no folder"):
        check(tmp_path / "not-there", tmp_path / "home")


def test_what_is_loaded_already_is_known_and_other_content_is_refused(base):
    landing, home = base
    report = check(landing / "2026-06-30-1", home)
    assert report.is_known
    assert report.passes
    shutil.rmtree(landing / "2026-06-30-1")
    tables = world()
    tables["contacts"][0]["topic"] = "other"
    folder = write_delivery(landing, "2026-06-30-1", "2026-06-30", "full", tables)
    assert "other content" in check(folder, home).refusals[0]["reason"]


def test_a_load_that_works_is_not_disturbed(base):
    import fcntl

    landing, home = base
    with open(home / "raw" / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(IngestError, match="A load is running"):
            check(landing / "2026-06-30-1", home)


def test_no_personal_value_is_in_a_report(base, any_share):
    landing, home = base
    row = valid("affiliates", affiliate_id="A00000005", niss="80051700339", birth_date="1980-99-99")
    odd = valid("charges", charge_id=NISS[1], account_id="A00000001")
    tables = {"affiliates": [row], "charges": [odd]}
    folder = write_delivery(landing, DELTA, "2026-07-01", "delta", tables)
    report = check(folder, home)
    told = json.dumps([vars(one) for one in report.rejected], default=str)
    assert "8005170033" not in told
    assert "1980-99-99" not in told
    assert HIDDEN_VALUE in {one.value for one in report.rejected}


@pytest.mark.parametrize("key", sorted(TEXTS.all))
def test_a_text_has_all_languages_with_the_same_values(key):
    texts = TEXTS.all[key]
    assert set(texts) == set(LANGUAGES)
    named = {lang: set(re.findall(r"{(\w+)}", text)) for lang, text in texts.items()}
    assert named["fr"] == named["en"] == named["nl"]


def test_every_text_is_said_somewhere():
    """By its whole key, or within a family by what comes after its name."""
    files = [path for name in ("ingest", "orchestration") for path in Path(name).rglob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in files)

    def is_said(key: str) -> bool:
        family, _, name = key.partition(".")
        if family == "errno":
            return hasattr(errno, name)
        said = (key, name) if family in ("source", "database", "remedy") else (key,)
        return any(f'"{one}"' in code or f"'{one}'" in code for one in said)

    texts = [key for key in TEXTS.all if not key.startswith("rule.")]
    assert [key for key in texts if not is_said(key)] == []


def test_every_declared_rule_is_said_in_three_languages():
    for contract in load_contracts().values():
        for column in contract.columns:
            for one in column.checks:
                told = {in_language(one.says, lang) for lang in LANGUAGES}
                assert len(told) == 3, (contract.name, column.name, one.name)
