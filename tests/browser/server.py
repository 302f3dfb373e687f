"""A server of the pages, as a process of its own, on loopback.

Does not belong here: browsers (conftest), what a reader does (reader).
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

PROJECT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60


@contextmanager
def serving(home: Path, log: Path, *options: str) -> Iterator[str]:
    """Run a server of the pages on the releases of `home`; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(PROJECT / "dashboards" / "app.py")]
    with open(log, "wb") as out:
        server = subprocess.Popen(
            [*command, "--server.port", str(port), *options],
            cwd=PROJECT,
            env={**os.environ, "VIGIE_HOME": str(home)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    pytest.fail("the server of the pages did not start:\n" + log.read_text(encoding="utf-8"))
