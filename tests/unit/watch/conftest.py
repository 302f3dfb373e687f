"""An empty data folder, and a page that takes alarms."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from orchestration.settings import Settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch) -> Path:
    """An empty data folder."""
    for name in ("VIGIE_SUBSCRIPTIONS", "VIGIE_REGISTER", "VIGIE_ALARMS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def settings(home: Path) -> Settings:
    """The settings of that folder; alarms go nowhere."""
    return Settings.from_env(home=home, lang="en")


@dataclass
class Hook:
    """What a page took; `answer`: its status."""

    taken: list[dict] = field(default_factory=list)
    answer: int = 200
    address: str = ""


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A page on loopback that takes alarms."""
    box = Hook()

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if box.answer == 200:
                box.taken.append(said)
            self.send_response(box.answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    box.address = f"http://127.0.0.1:{server.server_port}/secret-path"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield box
    server.shutdown()
    server.server_close()
    thread.join()
