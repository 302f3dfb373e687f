"""Order of arrival, repetition, killed loads, plans (F10, F11, in force)."""

import hashlib
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import date

import pytest

from ingest.errors import IngestError
from ingest.load import load_ready
from ingest.raw import RawHistory, status
from tests.unit.ingest.support import (
    edit_manifest,
    load,
    quarantine,
    rows,
    state,
    valid,
    world,
    write_delivery,
)

SHOWN = ("affiliates", "charges", "payments", "notices")


def random_delta(chance: random.Random) -> dict:
    """A few upserts and deletes over few keys, so that they collide and refer to each other."""

    def pick(prefix, digits):
        return f"{prefix}{chance.randint(1, 4):0{digits}}"

    def row(extract, key, **changes):
        if chance.random() < 0.3:
            return {"_op": "D", next(iter(valid(extract))): key}
        return valid(extract, **{next(iter(valid(extract))): key, **changes})

    def unique(table):
        return list({next(v for k, v in r.items() if k.endswith("_id")): r for r in table}.values())

    return {
        "affiliates": unique(
            [row("affiliates", pick("A", 8), sex=chance.choice("MF?")) for _ in range(2)]
        ),
        "charges": unique(
            [
                row(
                    "charges",
                    pick("D", 12),
                    account_id=pick("A", 8),
                    amount=chance.choice(["5", "6.00", "x"]),
                )
                for _ in range(3)
            ]
        ),
        "payments": unique(
            [
                row("payments", pick("P", 12), account_id=pick("A", 8), charge_id=pick("D", 12))
                for _ in range(3)
            ]
        ),
        "notices": unique(
            [
                row(
                    "notices",
                    f"N{chance.randint(1, 3)}",
                    charge_id=pick("D", 12),
                    corrected_by=f"N{chance.randint(1, 3)}",
                )
                for _ in range(2)
            ]
        ),
    }


@pytest.mark.parametrize(("seed", "orders"), [(0, 6), (1, 2)])
def test_any_order_of_arrival_gives_the_same_state(base, tmp_path, any_share, seed, orders):
    chance = random.Random(seed)
    names = [f"2026-07-0{number}-1" for number in (1, 2, 3)]
    source = tmp_path / "source"
    for name in names:
        write_delivery(source, name, name[:10], "delta", random_delta(chance))
    found = []
    for order in chance.sample(list(itertools.permutations(names)), orders):
        there = tmp_path / "-".join(name[9:10] for name in order)
        shutil.copytree(base[0].parent, there)
        for name in order:
            shutil.copytree(source / name, there / "landing" / name)
            outcome = load_ready(there / "landing", there / "home")
            assert outcome.refused is None
        history = RawHistory(there / "home")
        history.expose(history.plan())
        found.append(state(there / "home", SHOWN))
    assert [name for name, *_ in found[0]["deliveries"]] == ["2026-06-30-1", *names]
    assert any("reference" in row for row in found[0]["quarantine"])
    assert all(other == found[0] for other in found[1:])


def test_a_late_full_delivery_takes_its_place(base, any_share):
    landing, home = base
    write_delivery(
        landing,
        "2026-07-03-1",
        "2026-07-03",
        "delta",
        {"charges": [valid("charges", charge_id="D000000000003", account_id="A00000002")]},
    )
    load(landing, home)
    full = world()
    del full["affiliates"][1]
    write_delivery(landing, "2026-07-02-1", "2026-07-02", "full", full)
    load(landing, home)
    assert quarantine(home) == [("charges", 2, "reference", "account_id")]
    assert rows(home, "SELECT charge_id FROM raw.charges") == [("D000000000001",)]


def test_a_late_delivery_may_undo_a_later_one(base):
    """In order the later one would have been refused (F1): it no longer counts, nor does what
    follows it; once the cause is corrected it does again."""
    landing, home = base
    write_delivery(
        landing,
        "2026-07-03-1",
        "2026-07-03",
        "delta",
        {"charges": [valid("charges", charge_id="D000000000003", account_id="A00000002")]},
    )
    assert load(landing, home).refused is None
    write_delivery(
        landing,
        "2026-07-02-1",
        "2026-07-02",
        "delta",
        {"affiliates": [{"_op": "D", "affiliate_id": "A00000002"}]},
    )
    outcome = load(landing, home)
    assert outcome.refused.delivery_id == "2026-07-03-1"
    assert rows(home, "SELECT as_of_date::VARCHAR FROM raw._plan") == [("2026-07-02",)]
    assert load(landing, home).refused.delivery_id == "2026-07-03-1"
    write_delivery(
        landing,
        "2026-07-02-2",
        "2026-07-02",
        "delta",
        {"affiliates": [valid("affiliates", affiliate_id="A00000002")]},
    )
    assert load(landing, home).refused is None
    assert rows(home, "SELECT as_of_date::VARCHAR FROM raw._plan") == [("2026-07-03",)]
    assert not list((home / "refusals").iterdir())


def test_the_same_again_changes_nothing_and_other_content_is_refused(base):
    landing, home = base
    before = {path: path.stat().st_mtime_ns for path in (home / "raw").rglob("*.parquet")}
    edit_manifest(landing / "2026-06-30-1", produced_at="2026-07-09T00:00:00+02:00")
    outcome = load(landing, home)
    assert (outcome.known, outcome.loaded, outcome.refused) == (["2026-06-30-1"], [], None)
    assert {path: path.stat().st_mtime_ns for path in (home / "raw").rglob("*.parquet")} == before
    edit_manifest(landing / "2026-06-30-1", "charges", sha256="2" * 64)
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {"payments": []})
    outcome = load(landing, home)
    assert "loaded with other content" in str(outcome.refused)
    assert outcome.waiting == ["2026-07-01-1"]
    # The delivery that was loaded is there again: nothing is refused any more.
    sha256 = hashlib.sha256((landing / "2026-06-30-1" / "charges.csv").read_bytes()).hexdigest()
    edit_manifest(landing / "2026-06-30-1", "charges", sha256=sha256)
    outcome = load(landing, home)
    assert outcome.refused is None
    assert status(home)["refused"] == []


def test_a_file_written_since_it_was_loaded_is_other_content(base):
    landing, home = base
    charges = landing / "2026-06-30-1" / "charges.csv"
    content = charges.read_bytes()
    later = time.time() + 60
    os.utime(charges, (later, later))
    assert load(landing, home).refused is None
    charges.write_bytes(content.replace(b"100.00", b"200.00"))
    os.utime(charges, (later, later))
    assert "charges.csv is refused: a delivery of this name was loaded with other content" in str(
        load(landing, home).refused
    )


def test_a_delta_without_any_change_loads(base):
    landing, home = base
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {})
    outcome = load(landing, home)
    assert [receipt.delivery_id for receipt in outcome.loaded] == ["2026-07-01-1"]
    assert RawHistory(home).plan(None).as_of == date(2026, 7, 1)
    assert rows(home, "SELECT count(*) FROM raw.charges") == [(1,)]


def test_leftovers_of_a_killed_load_never_show(base):
    landing, home = base
    before = state(home) if (home / "warehouse/history.duckdb").exists() else None
    incoming = home / "raw" / ".incoming-2026-07-01-1"
    shutil.copytree(home / "raw" / "2026-06-30-1", incoming)
    (home / "judgements" / ".incoming-2026-07-01-1").mkdir()
    os.rename(home / "judgements" / "2026-06-30-1", home / "judgements" / ".replaced-2026-06-30-1")
    (home / "warehouse/spill/ingest/duckdb_temp_storage.tmp").write_text("x")
    load(landing, home)
    assert not incoming.exists()
    assert [path.name for path in (home / "judgements").iterdir()] == ["2026-06-30-1"]
    assert not list((home / "warehouse/spill/ingest").iterdir())
    assert rows(home, "SELECT count(*) FROM raw._deliveries") == [(1,)]
    assert before is None or state(home) == before


def test_a_load_killed_at_any_moment_is_made_good_by_the_next(base, tmp_path):
    landing, home = base
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "full", world())
    code = (
        "import sys; from pathlib import Path; from ingest.load import load_ready\n"
        "print('go', flush=True)\n"
        "load_ready(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    for delay in (0.05, 0.3, 0.6):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(landing), str(home)], stdout=subprocess.PIPE
        )
        process.stdout.readline()
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert len(RawHistory(home).judged()) in (1, 2)
    assert load(landing, home).refused is None
    assert rows(
        home, "SELECT delivery_id, rows_delivered = rows_accepted FROM raw._deliveries"
    ) == [("2026-06-30-1", True), ("2026-07-01-1", True)]


def test_two_loads_at_once_are_not_possible(base):
    import fcntl

    landing, home = base
    with open(home / "raw" / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(IngestError, match="Another load is running"):
            load_ready(landing, home)


def test_plan_as_of_and_up_to(base):
    landing, home = base
    for day in (1, 2):
        write_delivery(
            landing,
            f"2026-07-0{day}-1",
            f"2026-07-0{day}",
            "delta",
            {"payments": [valid("payments", amount=f"{day}.00")]},
        )
    outcome = load_ready(landing, home, up_to=date(2026, 7, 1))
    assert [receipt.delivery_id for receipt in outcome.loaded] == ["2026-07-01-1"]
    load_ready(landing, home)
    history = RawHistory(home)
    plan = history.plan(date(2026, 7, 1))
    assert plan.as_of == date(2026, 7, 1)
    history.expose(plan)
    assert rows(home, "SELECT amount::VARCHAR FROM raw.payments") == [("1.00",)]
    assert history.plan().as_of == date(2026, 7, 2)
    assert history.plan().fingerprint != plan.fingerprint
    with pytest.raises(IngestError, match="No delivery"):
        history.plan(date(2026, 6, 29))


def test_progress_is_told(base):
    landing, home = base
    write_delivery(
        landing,
        "2026-07-01-1",
        "2026-07-01",
        "delta",
        {"payments": [valid("payments")], "contacts": []},
    )
    events = []
    load_ready(landing, home, on_progress=events.append)
    assert [event.phase for event in events if event.phase != "verify"] == ["judge", "loaded"]
    last = [event for event in events if event.phase == "verify"][-1]
    assert last.bytes_done == last.bytes_total > 0
