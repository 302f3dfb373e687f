"""`vigie serve`: the dashboards and the orchestration UI, as children of this process, on loopback;
the dashboards on another address only where people log in.

Does not belong here: pages (dashboards), the graph (definitions.py).
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from orchestration import doctor, instance
from orchestration.errors import VigieError
from orchestration.settings import PROJECT, Settings
from orchestration.texts import say

HOST = "127.0.0.1"
_GRACE_SECONDS = 10
#: A busy machine takes minutes to start what an idle one starts in seconds: past the first it is
#: said what is waited for, past the second what lives and answers nothing is given up.
_PATIENT_SECONDS = 30
_START_SECONDS = 900


def serve(
    settings: Settings,
    dashboards_port: int,
    dagster_port: int,
    *,
    address: str = HOST,
    control: bool = False,
) -> None:
    """Start the three programs and wait; when one stops, or at Ctrl-C, stop the others. With
    `control`, runs and schedules can be started and stopped in the interface of the orchestrator,
    which stays on loopback whatever the address of the dashboards.

    Raises:
        VigieError: the address needs a login, a port is taken, the memory of the orchestrator does
            not open, the graph does not load, or a program stopped by itself.
    """
    login = _login(settings, address)
    _refuse_taken(settings, address, dashboards_port, "--port")
    _refuse_taken(settings, HOST, dagster_port, "--dagster-port")
    for finding in doctor.examine(settings, doctor.QUICK) if settings.home.is_dir() else ():
        print(finding.sentence(settings.lang), file=sys.stderr)
    _prove_orchestrator(settings)
    settings.logs.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "VIGIE_HOME": str(settings.home), "PYTHONUNBUFFERED": "1"}
    commands = {
        "dashboards": [
            *("streamlit", "run", str(PROJECT / "dashboards" / "app.py")),
            *("--server.address", address, "--server.port", str(dashboards_port)),
            *("--server.headless", "true", "--browser.gatherUsageStats", "false"),
            # Said here too: what the environment says would win over the file of settings.
            *("--server.enableCORS", "true", "--server.enableXsrfProtection", "true"),
            *login,
        ],
        "dagster-webserver": [
            *("orchestration.web", "--port", str(dagster_port)),
            *(["--control"] if control else []),
        ],
        "dagster-daemon": [
            *("dagster._daemon", "run", "-m", "orchestration.definitions"),
            # At its usual level it writes 20 MB a day of ticks that found nothing.
            *("--log-level", "warning"),
        ],
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
        _wait_until_heard(settings, children, (address, dashboards_port), (HOST, dagster_port))
        print(
            say(
                settings.lang,
                "serve.ready",
                dashboards=f"http://{_in_url(address)}:{dashboards_port}",
                dagster=f"http://{HOST}:{dagster_port}",
            ),
            flush=True,
        )
        while True:
            _refuse_stopped(settings, children)
            time.sleep(0.5)
    except KeyboardInterrupt:
        return
    finally:
        _stop(list(children.values()))


def _prove_orchestrator(settings: Settings) -> None:
    """Open its storage and load the graph once, here: two programs that find no storage both make
    one, which then is none; and a graph that does not load would be told on a page alone.
    """
    instance.open_instance(settings).dispose()
    from orchestration.definitions import build_defs

    try:
        build_defs(settings.overrides()).get_repository_def()
    except VigieError:
        raise
    except Exception as error:
        detail = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        raise VigieError(say(settings.lang, "error.graph", detail=detail)) from error


def _login(settings: Settings, address: str) -> list[str]:
    """What the pages are told of the login; nothing where there is none.

    Raises:
        VigieError: there is none, and others than this machine could reach the pages; or it is set
            up in a way that cannot be used.
    """
    # Late: the pages, which only who serves them waits for.
    from dashboards.access.errors import LoginError
    from dashboards.access.login import is_loopback, login_file, public_host, setup
    from dashboards.i18n import DEFAULT, LANGUAGES, words

    try:
        if setup(settings.home) is None:
            if is_loopback(address):
                return []
            raise LoginError("login_needed")
    except LoginError as error:
        lang = settings.lang if settings.lang in LANGUAGES else DEFAULT
        raise VigieError(words(lang)[error.key].format(**error.values)) from error
    return [
        *("--secrets.files", str(login_file(settings.home))),
        # Pages of other sites may not ask; those of this host may.
        *("--browser.serverAddress", public_host(settings.home)),
    ]


def _in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _wait_until_heard(
    settings: Settings, children: dict[str, Any], *places: tuple[str, int]
) -> None:
    """Wait until something answers at each address and port; say so when it takes long.

    Raises:
        VigieError: a program stopped, or does not answer for very long.
    """
    begun, is_told = time.monotonic(), False
    for address, port in places:
        # What listens at every address answers at this one.
        at = HOST if address == "0.0.0.0" else "::1" if address == "::" else address
        while True:
            with contextlib.suppress(OSError), socket.create_connection((at, port), 1):
                break
            _refuse_stopped(settings, children)
            waited = time.monotonic() - begun
            if waited > _START_SECONDS:
                raise VigieError(say(settings.lang, "error.silent", port=port, log=settings.logs))
            if waited > _PATIENT_SECONDS and not is_told:
                print(say(settings.lang, "serve.waiting", port=port), flush=True)
                is_told = True
            time.sleep(0.2)


def _refuse_stopped(settings: Settings, children: dict[str, Any]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise VigieError(
                say(settings.lang, "error.stopped", name=name, log=_log(settings, name))
            )


def _log(settings: Settings, name: str) -> Path:
    return settings.logs / f"{name}.log"


def _refuse_taken(settings: Settings, address: str, port: int, option: str) -> None:
    try:
        family = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE or address == HOST:
            raise VigieError(say(settings.lang, "error.port", port=port, option=option)) from None
        raise VigieError(say(settings.lang, "error.address", address=address)) from None


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
