"""`vigie` in a process that was forked: the heavy modules are there, nothing has run yet.

A process that forks must have no threads and no open data folder, which the one of the tests has;
so a server is asked, that did nothing but import this module. Belongs here: what such a process
does. Does not belong here: when it is killed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import dagster_dbt
import dbt.adapters.duckdb
import dbt.cli.main

import exports.answer
import orchestration.cli
import orchestration.definitions
import orchestration.execute

__all__ = ["dagster_dbt", "dbt", "exports", "speak"]


def speak(home: Path, out: Path, err: Path, lang: str, words: list[str]) -> None:
    """Run `vigie words` on a data folder; each of its two streams goes to a file."""
    os.environ |= {
        "VIGIE_HOME": str(home),
        "VIGIE_STATISTICS": "",
        "VIGIE_LANG": lang,
        "VIGIE_SLICE_ROWS": "20",
    }
    for number, (file, stream) in enumerate(((out, sys.stdout), (err, sys.stderr)), 1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_APPEND), number)
        stream.reconfigure(line_buffering=True)
    orchestration.cli.main(words)
