"""`vigie serve`: the dashboards and the orchestration UI, as children of this process, on loopback
only.

Does not belong here: pages (dashboards), the graph (definitions.py).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from orchestration import instance
from orchestration.errors import VigieError
from orchestration.settings import PROJECT, Settings
from orchestration.texts import say

HOST = "127.0.0.1"
_GRACE_SECONDS = 10


def serve(settings: Settings, dashboards_port: int, dagster_port: int) -> None:
    """Start the three programs and wait; when one stops, or at Ctrl-C, stop the others.

    Raises:
        VigieError: a port is taken, or a program stopped by itself.
    """
    for port, option in ((dashboards_port, "--port"), (dagster_port, "--dagster-port")):
        _refuse_taken(settings, port, option)
    instance.prepare_home(settings)
    settings.logs.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "VIGIE_HOME": str(settings.home), "PYTHONUNBUFFERED": "1"}
    graph = ["-m", "orchestration.definitions"]
    commands = {
        "dashboards": [
            *("streamlit", "run", str(PROJECT / "dashboards" / "app.py")),
            *("--server.address", HOST, "--server.port", str(dashboards_port)),
            *("--server.headless", "true", "--browser.gatherUsageStats", "false"),
        ],
        "dagster-webserver": [
            *("dagster_webserver", "-h", HOST, "-p", str(dagster_port)),
            *graph,
        ],
        "dagster-daemon": ["dagster._daemon", "run", *graph],
    }
    children: dict[str, subprocess.Popen[bytes]] = {}
    # A terminated parent would leave its children behind: treat it as Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for name, command in commands.items():
            log = _log(settings, name).open("ab")
            children[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                # Streamlit reads its configuration from the folder it is started in.
                cwd=PROJECT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            log.close()
        print(
            say(
                settings.lang,
                "serve.ready",
                dashboards=f"http://{HOST}:{dashboards_port}",
                dagster=f"http://{HOST}:{dagster_port}",
            ),
            flush=True,
        )
        while True:
            for name, child in children.items():
                if child.poll() is not None:
                    raise VigieError(
                        say(settings.lang, "error.stopped", name=name, log=_log(settings, name))
                    )
            time.sleep(0.5)
    except KeyboardInterrupt:
        return
    finally:
        _stop(list(children.values()))


def _log(settings: Settings, name: str) -> Path:
    return settings.logs / f"{name}.log"


def _refuse_taken(settings: Settings, port: int, option: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise VigieError(say(settings.lang, "error.port", port=port, option=option)) from None


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    """End each child with everything it started (the orchestrator starts workers of its own)."""
    for sign in (signal.SIGINT, signal.SIGKILL):
        for child in children:
            try:
                os.killpg(child.pid, sign)
            except ProcessLookupError:
                continue
        until = time.monotonic() + _GRACE_SECONDS
        for child in children:
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                continue
