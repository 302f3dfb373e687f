"""The orchestrator's record of events, over connections that are kept."""

from __future__ import annotations

import subprocess
import sys
import threading

from sqlalchemy import text

from orchestration.event_log import EventLog

_WRITER = """
import sys
from sqlalchemy import text
from orchestration.event_log import EventLog
log = EventLog(sys.argv[1])
for number in range(100):
    with log.index_connection() as connection:
        connection.execute(text("insert into noted values (:n)"), {"n": number})
"""


def test_an_event_told_while_another_is_written_does_not_wait_for_itself(tmp_path):
    # A file that is made the first time may log, and what is logged may be an event.
    log, done = EventLog(str(tmp_path)), []

    def write() -> None:
        with log.index_connection(), log.index_connection() as inner:
            done.append(inner.execute(text("select 1")).scalar())

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    thread.join(30)
    assert done == [1]


def test_several_processes_write_without_being_turned_away(tmp_path):
    log = EventLog(str(tmp_path))
    with log.index_connection() as connection:
        connection.execute(text("create table noted (n integer)"))
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path)], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    assert [(writer.communicate(timeout=120)[1], writer.returncode) for writer in writers] == [
        (b"", 0)
    ] * 3
    with log.index_connection() as connection:
        assert connection.execute(text("select count(*) from noted")).scalar() == 300
