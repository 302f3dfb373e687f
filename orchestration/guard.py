"""What may ask the orchestrator's web server anything: a person's browser on its own pages, or a
program on this machine that says what it sends.

A page of any site that an engineer has open can send requests to 127.0.0.1; the orchestrator
itself looks neither at Host nor at Origin and takes changes over GET and as text. Belongs here: the
rules on a request, whatever it asks. Does not belong here: what may be changed at all (web.py).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

GRAPHQL = "/graphql"
_NAMES = ("127.0.0.1", "localhost", "[::1]")
_POLICY_VIOLATION = 1008


class Guard:
    """An ASGI application in front of another one, for one port of loopback.

    Host must name this machine and port. Origin, where a browser sends one, must be that Host.
    Pages are read by GET; all else is a POST of JSON to the query language, or, with `control`, to
    other addresses too (a browser asks before it sends JSON elsewhere, and gets no leave).
    """

    def __init__(self, app: App, port: int, *, control: bool = False) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in _NAMES}
        self._hosts |= set(_NAMES) if port == 80 else set()
        self._control = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that is refused; hand on any other."""
        refusal = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": refusal[1]})
        else:
            await _answer(send, *refusal)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Status and sentence of a request that is refused."""
        host = _values(scope, b"host")
        if len(host) != 1 or host[0] not in self._hosts:
            return 403, "Open the orchestrator by its own address, http://127.0.0.1 and its port."
        origin = _values(scope, b"origin")
        if origin and origin != [f"http://{host[0]}"]:
            return 403, "Pages of other sites may not ask the orchestrator."
        return self._refused_method(scope) if scope["type"] == "http" else None

    def _refused_method(self, scope: Scope) -> tuple[int, str] | None:
        asks = scope["path"].rstrip("/") == GRAPHQL
        if scope["method"] in ("GET", "HEAD"):
            return (405, "Queries are sent by POST.") if asks else None
        if scope["method"] != "POST":
            return 405, "Only GET, HEAD and POST are answered."
        if not asks and not self._control:
            return 403, "Start 'vigie serve --control' to change anything here."
        kind = _values(scope, b"content-type")
        if len(kind) != 1 or kind[0].partition(";")[0].strip() != "application/json":
            return 415, "Send JSON (Content-Type: application/json)."
        return None


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1").lower() for key, value in scope["headers"] if key == name]


async def _answer(send: Send, status: int, sentence: str) -> None:
    body = f"{sentence}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),  # the body of what was refused is not read
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
