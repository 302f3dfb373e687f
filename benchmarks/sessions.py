"""`python -m benchmarks.sessions --home DIR [--sessions N] [--rounds N]`: many readers at once.

Starts the pages as `vigie serve` starts them (one server, with access control, in the demonstration
mode of loopback) and opens N sessions by the protocol of a browser, each of which walks through all
pages in an order of its own, without waiting for the others. A page counts from the question to the
end of its run on the server, as the reader of that session waits for it; a page that shows an error
ends the measurement. Prints the middle, the 95th percentile and the longest, for one session alone
and for all at once, in seconds of the clock. Nothing is asserted: goals are compared in README.md.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboards.navigation import declared

ROOT = Path(__file__).resolve().parents[1]
#: Kinds of an alert and of the end of a run in Streamlit's messages.
_ERROR, _ENDED_WELL = 1, 0


def main() -> None:
    """Times one session alone, then all of them together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # The record of accesses of a measurement is none of that folder's.
        for entry in asked.home.resolve().iterdir():
            if entry.name != "access":
                (Path(folder) / entry.name).symlink_to(entry)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server = _server(Path(folder), port)
        try:
            _wait(port, server)
            # What every later reader finds warm: the first questions about this release.
            asyncio.run(_all(port, 1, 1))
            for number in (1, asked.sessions):
                start = time.perf_counter()
                taken = asyncio.run(_all(port, number, asked.rounds))
                print(_told(number, taken, time.perf_counter() - start), flush=True)
        finally:
            server.terminate()
            server.wait()


def _server(home: Path, port: int) -> subprocess.Popen[bytes]:
    """The program of the pages alone, as `vigie serve` starts it."""
    command = ["streamlit", "run", str(ROOT / "dashboards" / "app.py"), "--server.port", str(port)]
    return subprocess.Popen(
        [sys.executable, "-m", *command, "--server.headless", "true"],
        cwd=ROOT,
        env={**os.environ, "VIGIE_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError("the pages ended before they answered")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the pages do not answer")


async def _all(port: int, sessions: int, rounds: int) -> list[float]:
    """Seconds of every page of every session."""
    readers = (_reader(port, seed, rounds) for seed in range(sessions))
    return [second for taken in await asyncio.gather(*readers) for second in taken]


async def _reader(port: int, seed: int, rounds: int) -> list[float]:
    """One session: every page `rounds` times, in an order of its own."""
    order = random.Random(seed)
    taken = []
    url = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with websockets.connect(url, subprotocols=["streamlit"], max_size=None) as session:
        for _ in range(rounds):
            pages = [page.id for page in declared()[1]]
            for page in order.sample(pages, len(pages)):
                start = time.perf_counter()
                await _draw(session, page)
                taken.append(time.perf_counter() - start)
    return taken


async def _draw(session: websockets.ClientConnection, page: str) -> None:
    """Ask for a page and read what comes until its run has ended.

    Raises:
        RuntimeError: the page shows an error.
    """
    question = BackMsg()
    question.rerun_script.page_name = page
    await session.send(question.SerializeToString())
    while True:
        answer = ForwardMsg.FromString(await session.recv())
        kind = answer.WhichOneof("type")
        if kind == "delta":
            element = answer.delta.new_element
            if element.HasField("exception"):
                raise RuntimeError(f"{page}: {element.exception.message}")
            if element.HasField("alert") and element.alert.format == _ERROR:
                raise RuntimeError(f"{page}: {element.alert.body}")
        elif kind == "page_not_found":
            raise RuntimeError(f"{page}: no such page")
        elif kind == "script_finished" and answer.script_finished == _ENDED_WELL:
            return


def _told(sessions: int, taken: list[float], elapsed: float) -> str:
    p95 = statistics.quantiles(taken, n=20)[-1]
    return (
        f"{sessions:3} at once: {len(taken)} pages in {elapsed:.0f} s, no error; middle "
        f"{statistics.median(taken):.3f} s, p95 {p95:.3f} s, longest {max(taken):.3f} s"
    )


if __name__ == "__main__":
    main()
