"""Recurrent requests enter the register while the process is killed again and again: each of them
is there once in the end, and the register is whole.
"""

from __future__ import annotations

import subprocess
import sys
import time

from exports.register.calendar import enter
from exports.register.chain import check
from exports.register.desk import open_desk
from exports.register.recurrent import appeared, load_recurrent

_LIST = """
monthly:
  requester: INASTI
  contact: a
  legal_basis: b
  every: month
  first: 2021-01
  due_days: 10
  lead_days: 10
  tables: [T13]
  profile: inasti
  lang: fr
  wording: "{period}"
"""
_ENTER = """
import sys
from exports.register.calendar import enter
from exports.register.desk import open_desk
desk = open_desk(sys.argv[1], "vigie")
print("ready", flush=True)
enter(desk)
print("done", flush=True)
"""
_KILLS = 8


def test_every_turn_is_there_once_whatever_is_killed(tmp_path):
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "recurrent.yaml").write_text(_LIST, encoding="utf-8")
    counts = [0]
    for kill in range(_KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", _ENTER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "ready\n"
        until = time.monotonic() + 60
        # In the middle of the line after the first new one, a little later each time.
        while len(open_desk(tmp_path, "x").requests()) == counts[-1] and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(0.004 * kill)
        process.kill()
        assert "done" not in process.communicate()[0]
        counts.append(len(open_desk(tmp_path, "x").requests()))
    assert counts == sorted(set(counts))
    desk = open_desk(tmp_path, "vigie")
    turns = [one.key for one in appeared(load_recurrent(tmp_path), desk.today)]
    assert counts[-1] < len(turns)
    enter(desk)
    keys = [one.received.key for one in desk.requests().values()]
    assert sorted(keys) == sorted(turns)
    assert list(desk.requests()) == [f"{desk.today.year}-{n:04d}" for n in range(1, len(turns) + 1)]
    assert check(desk.store) == ()
