"""The orchestrator's web server, behind our guard: `python -m orchestration.web --port N
[--control]`, started by `vigie serve`.

The pages and the query language are Dagster's. Without `--control` nothing can be changed in them:
no run started, no schedule stopped. Does not belong here: which requests are heard (guard.py).
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import AsyncIterator, Iterator
from importlib.metadata import version

import uvicorn
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster_webserver.webserver import DagsterWebserver

from orchestration.errors import VigieError
from orchestration.guard import App, Guard
from orchestration.instance import open_instance
from orchestration.settings import PROJECT, Settings
from orchestration.texts import say

HOST = "127.0.0.1"
GRAPH = "orchestration.definitions"
_POLL_MILLISECONDS = 2000
_GRACE_SECONDS = 3


@contextlib.contextmanager
def application(settings: Settings, port: int, *, control: bool) -> Iterator[App]:
    """The guarded server of one data folder.

    Raises:
        VigieError: the memory of the orchestrator does not open, or the graph does not load.
    """
    target = ModuleTarget(
        module_name=GRAPH, attribute=None, working_directory=str(PROJECT), location_name=None
    )
    with (
        open_instance(settings) as instance,
        WorkspaceProcessContext(
            instance,
            version=version("dagster-webserver"),
            workspace_load_target=target,
            read_only=not control,
        ) as context,
    ):
        if errors := context.create_request_context().code_location_errors():
            detail = " ".join(errors[0].message.split())
            raise VigieError(say(settings.lang, "error.graph", detail=detail[:300]))
        server = DagsterWebserver(context, live_data_poll_rate=_POLL_MILLISECONDS)
        yield Guard(server.create_asgi_app(lifespan=_lifespan), port, control=control)


@contextlib.asynccontextmanager
async def _lifespan(_: object) -> AsyncIterator[None]:
    """Nothing is made or closed with the server: `application` does."""
    yield


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--control", action="store_true")
    asked = parser.parse_args()
    try:
        with application(Settings.from_env(), asked.port, control=asked.control) as app:
            uvicorn.run(
                app,
                host=HOST,
                port=asked.port,
                log_level="warning",
                # A page that is open keeps its socket: it would be waited for without end.
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
    except VigieError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
