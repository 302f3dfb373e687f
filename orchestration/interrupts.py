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
    is interrupted raises an error of the engine's instead, and whoever caught that one took it for
    a fault of what they read. What was found then counts for nothing, so nothing is to be said
    within.
    """
    came: list[type[KeyboardInterrupt]] = []

    def stop(number: int, _: object) -> None:
        came.append(Terminated if number == signal.SIGTERM else KeyboardInterrupt)
        raise came[0]

    former = {}
    if threading.current_thread() is threading.main_thread():
        former[signal.SIGTERM] = signal.signal(signal.SIGTERM, stop)
        # A shell's background job has it ignored, and keeps it so.
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            former[signal.SIGINT] = signal.signal(signal.SIGINT, stop)
    try:
        yield
    except Exception as error:
        if not came and not {type(error).__name__, str(error)} & set(_BY_THE_ENGINE):
            raise
        raise (came[0] if came else KeyboardInterrupt) from None
    else:
        if came:
            raise came[0]
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
