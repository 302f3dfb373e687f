"""Whatever stops an extract half way: nothing in landing, one sentence, and the next one goes on
from where the last good one stood.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psycopg
import pytest

from ingest.contract import load_contracts
from ingest.errors import MachineError, SourceError
from ingest.source import extract as module
from ingest.source.state import alone
from tests.unit.source.databases import DAY, VARIABLE, Fund, postgresql

ROWS = 400_000


def nothing_is_left(fund: Fund) -> bool:
    state = fund.folder / "state"
    return (
        list(fund.landing.iterdir()) == []
        and [path.name for path in state.iterdir() if path.name != ".lock"] == []
    )


@pytest.fixture
def large(fund: Fund) -> Fund:
    return fill(fund)


def fill(fund: Fund) -> Fund:
    """Notices that come in several batches."""
    columns = ", ".join(
        column.name for column in load_contracts()["notices"].columns if column.name != "notice_id"
    )
    fund.run(
        f"INSERT INTO notices (notice_id, {columns}) SELECT 'N' || lpad(n::text, 10, '0'), "
        f"{columns} FROM notices, generate_series(10, {ROWS}) AS n"
    )
    return fund


def extract_while(fund: Fund, happens) -> None:
    """Extract, and once some notices have come, let something happen."""
    once = []

    def on_rows(name: str, rows: int, place: int, total: int) -> None:
        if name == "notices" and 0 < rows < ROWS and not once:
            once.append(True)
            happens()

    try:
        module.extract(fund.home, "test", fund.landing, "full", DAY, on_rows)
    finally:
        assert once == [True]


def test_a_killed_connection(large):
    def kill() -> None:
        found = large.run(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE application_name = 'vigie'"
        ).fetchone()
        assert found == (1,)

    with pytest.raises(SourceError) as told:
        extract_while(large, kill)
    assert str(told.value) == (
        "test/notices.yaml: the connection ended before the last row; see to the server and the "
        "network, then extract again."
    )
    assert nothing_is_left(large)
    assert large.extract().mode == "full"


def test_a_query_that_the_server_stops(large):
    large.run(
        f"ALTER ROLE postgres IN DATABASE {large.connection.info.dbname} "
        "SET statement_timeout = '1s'"
    )
    large.declare(
        "notices",
        sql="SELECT n.* FROM notices n, pg_sleep(3)",
        change_column="changed_no",
        overlap=1,
        deletes="never",
    )
    try:
        with pytest.raises(SourceError, match=r"notices.yaml: the (server|database) stopped"):
            large.extract()
    finally:
        large.run(
            f"ALTER ROLE postgres IN DATABASE {large.connection.info.dbname} "
            "RESET statement_timeout"
        )
    assert nothing_is_left(large)


def test_a_stopped_server(tmp_path, monkeypatch):
    with postgresql() as address:
        monkeypatch.setenv(VARIABLE, address)
        fund = fill(Fund(tmp_path, address))
        data = Path(fund.run("SHOW data_directory").fetchone()[0])
        postmaster = int((data / "postmaster.pid").read_text().splitlines()[0])
        with pytest.raises(SourceError, match="the connection ended before the last row"):
            extract_while(fund, lambda: os.kill(postmaster, signal.SIGQUIT))
        assert nothing_is_left(fund)
        with pytest.raises(SourceError, match="the database cannot be reached: "):
            fund.extract()
        assert nothing_is_left(fund)


@pytest.fixture
def small_disk(tmp_path: Path):
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small file system")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "vigie-test", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk(large, small_disk):
    large.run("UPDATE notices SET account_id = md5(notice_id), kind = md5(account_id || notice_id)")
    with pytest.raises(MachineError, match="no space is left; free space there"):
        module.extract(large.home, "test", small_disk, "full", DAY)
    assert list(small_disk.iterdir()) == []
    assert nothing_is_left(large)


KILLED = """
import os, signal, sys
from datetime import date
from ingest.source.extract import extract

def on_rows(name, rows, place, total):
    if name == "notices" and rows:
        os.kill(os.getpid(), signal.SIGKILL)

extract(sys.argv[1], "test", sys.argv[2], "full", date(2026, 6, 30), on_rows)
"""


def test_a_killed_process_leaves_nothing_that_counts_and_the_next_one_clears_it(large):
    done = subprocess.run([sys.executable, "-c", KILLED, large.home, large.landing], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [path.name for path in large.landing.iterdir()] == [".extracting-test"]
    assert not list(large.landing.glob("[!.]*"))
    written = large.extract()
    assert [path.name for path in large.landing.iterdir()] == [written.delivery_id]


def test_a_person_who_stops_it(large):
    """Ctrl-C and SIGTERM, by the command itself."""
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        large.declare(
            "notices",
            sql="SELECT n.* FROM notices n, pg_sleep(2)",
            change_column="changed_no",
            overlap=1,
            deletes="never",
        )
        process = subprocess.Popen(
            [
                Path(sys.executable).with_name("vigie"),
                "extract",
                "--source",
                "test",
                "--landing",
                large.landing,
                "--date",
                "2026-06-30",
                "--lang",
                "en",
            ],
            env={**os.environ, "VIGIE_HOME": str(large.home)},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Tests that were started in the background have Ctrl-C ignored, and so would it.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )
        until = time.monotonic() + 60
        while not large.run(
            "SELECT 1 FROM pg_stat_activity WHERE application_name = 'vigie' AND "
            "query LIKE '%%pg_sleep%%' AND wait_event = 'PgSleep'"
        ).fetchone():
            assert time.monotonic() < until
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
        assert (process.returncode, said.strip().count("\n")) == (code, 0), said
        assert nothing_is_left(large)


def test_two_at_once(fund):
    with alone(fund.home, "test"), pytest.raises(SourceError, match="Another extract of test"):
        fund.extract()


def test_a_mapping_that_the_database_does_not_take_names_its_key(fund):
    never = {"deletes": "never"}
    cases = {
        "table": {"table": "no_such_table", "change_column": "xmin", **never},
        "sql": {"sql": "SELECT * FROM", "change_column": "changed_no", "overlap": 1, **never},
        "columns: amount": {"change_column": "xmin", "columns": {"amount": "no_such"}, **never},
        "change_column": {"change_column": "no_such", "overlap": 1, **never},
        "tombstones: columns: payment_id": {
            "change_column": "xmin",
            "tombstones": {
                "table": "payments",
                "columns": {"payment_id": "no_such"},
                "change_column": "xmin",
            },
        },
    }
    fund.extract()
    for key, said in cases.items():
        fund.declare("payments", **said)
        # What deltas alone need is looked at by a full one as well, for the marks.
        if key.startswith("tombstones"):
            continue
        with pytest.raises(SourceError) as told:
            fund.extract("full")
        assert str(told.value).startswith(f"test/payments.yaml: {key}: the database does not take")
    assert len(list(fund.landing.iterdir())) == 1


def test_an_account_that_may_not_read_is_told(fund, monkeypatch):
    name = fund.run("SELECT current_schema()").fetchone()[0]
    fund.run("DROP ROLE IF EXISTS reader")
    fund.run("CREATE ROLE reader LOGIN")
    fund.run(f"GRANT USAGE ON SCHEMA {name} TO reader")
    fund.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA {name} TO reader")
    monkeypatch.setenv(VARIABLE, fund.address.replace("postgres:@", "reader@"))
    assert fund.extract().mode == "full"
    fund.run("REVOKE SELECT ON charges FROM reader")
    with pytest.raises(SourceError, match="the account may not read it; grant it SELECT"):
        fund.extract()
    # A refusal of the database is not looked for in the mapping.
    psycopg.connect(fund.address).close()


def test_nothing_can_be_written_in_the_source(fund):
    fund.run(
        "CREATE FUNCTION pg_temp_write() RETURNS text LANGUAGE sql AS "
        "$$ INSERT INTO payments (payment_id) VALUES ('P9') RETURNING payment_id $$"
    )
    fund.declare(
        "charges",
        change_column="xmin",
        deletes="never",
        columns={"related_charge_id": "pg_temp_write()"},
    )
    with pytest.raises(SourceError):
        fund.extract()
    assert fund.run("SELECT count(*) FROM payments").fetchone() == (1,)
