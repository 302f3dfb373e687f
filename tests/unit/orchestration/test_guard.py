"""Which requests the orchestrator's web server hears: real ones, sent to it over loopback."""

from __future__ import annotations

import base64
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("guard")

NIGHTLY = (
    '{repositoryName: "__repository__", repositoryLocationName: "orchestration.definitions", '
    'scheduleName: "nightly"}'
)
CHANGE = json.dumps(
    {"query": f"mutation {{ startSchedule(scheduleSelector: {NIGHTLY}) {{ __typename }} }}"}
)
ASK = json.dumps({"query": "{ version }"})
JSON = {"Content-Type": "application/json"}


@contextmanager
def serving(home: Path, *more: str) -> Iterator[int]:
    """The web server of a fresh data folder; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "orchestration.web", "--port", str(port), *more],
        env={**os.environ, "VIGIE_HOME": str(home), "VIGIE_LANG": "en"},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 180
        while server.poll() is None and time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.3)
        assert server.poll() is None, server.stderr.read()
        yield port
    finally:
        # With the programs it started, as `vigie serve` ends it: they hold its standard error.
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.communicate()


@pytest.fixture(scope="module")
def reading(tmp_path_factory) -> Iterator[int]:
    """A server as `vigie serve` starts it."""
    with serving(tmp_path_factory.mktemp("reading")) as port:
        yield port


def send(port: int, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
    """One request; names of headers have `_` for `-`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.putrequest(method, path, skip_host="Host" in named)
    for name, value in {**named, "Content-Length": str(len(body))}.items():
        connection.putheader(name, value)
    connection.endheaders(body.encode())
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def ask(port: int, body: str = ASK, **headers: str) -> tuple[int, str]:
    return send(port, "POST", "/graphql", body, **{"Content_Type": "application/json", **headers})


def test_its_own_pages_and_programs_of_this_machine_are_heard(reading):
    assert send(reading, "GET", "/")[0] == 200
    assert send(reading, "GET", "/server_info")[0] == 200
    status, body = ask(reading)
    assert (status, json.loads(body)["data"]["version"] != "") == (200, True)
    for name in ("127.0.0.1", "localhost", "[::1]"):
        host = f"{name}:{reading}"
        assert ask(reading, Host=host, Origin=f"http://{host}")[0] == 200
    assert ask(reading, Content_Type="application/json; charset=utf-8")[0] == 200


@pytest.mark.parametrize("path", ["/graphql", "/graphql/", "//graphql"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_a_query_is_sent_by_post_only(reading, method, path):
    status, body = send(reading, method, f"{path}?query=%7Bversion%7D")
    # Of a name that is not the address of the query language, its pages may say so.
    assert status == 405 or (path == "//graphql" and status in (200, 404))
    assert '"data"' not in body


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_what_a_form_can_send_is_not_heard(reading, kind):
    status, body = ask(reading, CHANGE, Content_Type=kind)
    assert status == 415
    assert "data" not in body


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:1",
        "http://localhost:{port}",
    ],
)
def test_another_origin_is_not_heard(reading, origin):
    assert ask(reading, Origin=origin.format(port=reading))[0] == 403
    assert send(reading, "GET", "/server_info", Origin=origin.format(port=reading))[0] == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", ""]
)
def test_another_host_is_not_heard(reading, host):
    assert ask(reading, Host=host.format(port=reading))[0] in (400, 403)
    assert send(reading, "GET", "/", Host=host.format(port=reading))[0] in (400, 403)


def websocket(port: int, **headers: str) -> int:
    """The status that answers the opening of a socket."""
    key = base64.b64encode(b"sixteen bytes ok").decode()
    opening = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Key": key}
    opening |= {"Sec_WebSocket_Version": "13", "Sec_WebSocket_Protocol": "graphql-ws"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("GET", "/graphql", skip_host="Host" in headers)
    for name, value in {**opening, **headers}.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    return connection.getresponse().status


def test_sockets_are_opened_by_its_own_pages_only(reading):
    host = f"127.0.0.1:{reading}"
    assert websocket(reading, Origin=f"http://{host}") == 101
    assert websocket(reading) == 101
    assert websocket(reading, Origin="http://evil.example") == 403
    assert websocket(reading, Host="evil.example", Origin="http://evil.example") == 403


def test_nothing_is_changed_unless_it_was_asked_for(reading):
    body = json.loads(ask(reading, CHANGE)[1])
    assert body["data"]["startSchedule"]["__typename"] == "UnauthorizedError"
    report = "/report_asset_materialization/release"
    assert send(reading, "POST", report, "{}", Content_Type="application/json")[0] == 403


def test_with_control_changes_are_heard_from_the_same_doors_only(tmp_path):
    with serving(tmp_path, "--control") as port:
        body = json.loads(ask(port, CHANGE)[1])
        assert body["data"]["startSchedule"]["__typename"] != "UnauthorizedError"
        assert ask(port, CHANGE, Origin="http://evil.example")[0] == 403
        assert ask(port, CHANGE, Content_Type="text/plain")[0] == 415
        report = "/report_asset_materialization/release"
        assert send(port, "POST", report, "{}", Content_Type="text/plain")[0] == 415
