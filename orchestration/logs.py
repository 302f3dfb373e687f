"""The log of Vigie: `$VIGIE_HOME/logs/vigie.log`, with every detail that a readable sentence leaves
out.

Does not belong here: dbt's log (dbt writes it beside this one), the orchestrator's events (its
instance has them).
"""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler

from orchestration.settings import Settings

_BYTES = 5_000_000
_FILES = 5


def log_to_file(settings: Settings) -> None:
    """Send what `logging.getLogger("vigie")` gets to the file, once per process and folder."""
    settings.logs.mkdir(parents=True, exist_ok=True)
    file = settings.logs / "vigie.log"
    logging.getLogger("vigie").setLevel(logging.INFO)
    # On the root: warnings of the libraries go to the file too, and not to the reader's screen.
    logger = logging.getLogger()
    for handler in list(logger.handlers):
        if isinstance(handler, RotatingFileHandler):
            if handler.baseFilename == str(file):
                return
            logger.removeHandler(handler)
            handler.close()
    # On a full disk the step that meets it says so; a log that cannot be written adds nothing.
    logging.raiseExceptions = False
    handler = RotatingFileHandler(file, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    logger.addHandler(handler)
