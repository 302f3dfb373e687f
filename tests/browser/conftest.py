"""A real server and a real browser: pages as a person gets them, on loopback.

Skips only where no Chromium is installed; the checks of the project install one.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "unit" / "exports"))

from small_release import build_release  # noqa: E402

_START_SECONDS = 60


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """A data folder with one published release."""
    folder = tmp_path_factory.mktemp("home")
    build_release(folder)
    return folder


@pytest.fixture(scope="session")
def fund(tmp_path_factory) -> Path:
    """A data folder with the release of a small sample fund: every table that a page reads."""
    folder = tmp_path_factory.mktemp("fund")
    landing = folder / "landing"
    vigie = Path(sys.executable).with_name("vigie")
    sizes = ["--affiliates", "150", "--companies", "80", "--deltas", "0"]
    for arguments in (["sample", "--out", landing, *sizes], ["run", "--landing", landing]):
        subprocess.run(
            [vigie, *map(str, arguments)],
            env={**os.environ, "VIGIE_HOME": str(folder), "VIGIE_OUT": str(folder / "out")},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return folder


@pytest.fixture(scope="session")
def address(home, tmp_path_factory) -> Iterator[str]:
    """Address of a running server of the pages."""
    with serving(home, tmp_path_factory.mktemp("server") / "log") as found:
        yield found


@pytest.fixture(scope="session")
def fund_address(fund, tmp_path_factory) -> Iterator[str]:
    """Address of a server that shows the sample fund."""
    with serving(fund, tmp_path_factory.mktemp("server") / "log") as found:
        yield found


@pytest.fixture
def cold_address(home, tmp_path) -> Iterator[str]:
    """Address of a server that nobody has asked for a page yet."""
    with serving(home, tmp_path / "log") as found:
        yield found


@contextmanager
def serving(home: Path, log: Path) -> Iterator[str]:
    """Run a server of the pages on the releases of `home`; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(PROJECT / "dashboards" / "app.py")]
    with open(log, "wb") as out:
        server = subprocess.Popen(
            [*command, "--server.port", str(port)],
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


@pytest.fixture(scope="session")
def open_browser(tmp_path_factory) -> Iterator[Callable]:
    """Give the browser of a given size, opened once, with a profile of its own."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.skip("Chromium and its driver are not installed here")
    from selenium import webdriver

    opened = {}

    def open_one(width: int = 1400, height: int = 1200):
        if (width, height) in opened:
            return opened[width, height]
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for argument in (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-default-apps",
            "--disable-sync",
            "--no-first-run",
            f"--window-size={width},{height}",
            f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
        opened[width, height] = browser
        return browser

    yield open_one
    for browser in opened.values():
        browser.quit()


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
