"""Commands that are told to stop while they write.

Belongs here: SIGTERM as Ctrl-C, and the engine's own word for either. Does not belong here: taking
away what is half written (who writes it does), what is said of it (cli.py).
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator

# By name: the engine is not loaded for it.
_BY_THE_ENGINE = ("InterruptException", "Query interrupted")


class Terminated(KeyboardInterrupt):
    """SIGTERM came: what is being done ends as it does by Ctrl-C."""


@contextlib.contextmanager
def heeded() -> Iterator[None]:
    """Within, SIGTERM and Ctrl-C both raise KeyboardInterrupt, whatever was at work: a query that
    is interrupted raises an error of the engine's instead.
    """
    came: list[int] = []

    def stop(number: int, _: object) -> None:
        came.append(number)
        raise Terminated

    is_main = threading.current_thread() is threading.main_thread()
    former = signal.signal(signal.SIGTERM, stop) if is_main else None
    try:
        yield
    except Exception as error:
        if not {type(error).__name__, str(error)} & set(_BY_THE_ENGINE):
            raise
        raise (Terminated if came else KeyboardInterrupt) from None
    finally:
        if is_main:
            signal.signal(signal.SIGTERM, former)
