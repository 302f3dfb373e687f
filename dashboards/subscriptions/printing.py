"""A page as a PDF without a browser: the page is run as a session would run it, with the choices of
an address, and printed from what its sheet remembers.

Belongs here: starting that run and taking what it printed. Does not belong here: the run itself
(printed_page), the document (paper).

Streamlit offers one public way to run a page without a browser (`streamlit.testing.v1.AppTest`):
that one is used, so that what is sent is what the screen shows, choice by choice (decision 024).
"""

import logging
from pathlib import Path

from streamlit.testing.v1 import AppTest

from dashboards.navigation import PageEntry
from dashboards.source import Reading

_SCRIPT = Path(__file__).parent / "printed_page.py"
#: Seconds; a page draws in two or three.
_PATIENCE = 300
ASKED, PRINTED = "vigie_print", "vigie_printed"
#: Says of every run without a browser that it has none: nothing that who starts a run could mend.
_TOLD_ANYHOW = "streamlit.runtime.scriptrunner_utils.script_run_context"


class NotPrinted(RuntimeError):
    """The page failed; the message is its name and the error, for the log."""


def printed(reading: Reading, entry: PageEntry, address: dict[str, list[str]]) -> bytes:
    """Return a page as a PDF, as the person of the reading may see it.

    Raises:
        NotPrinted: the page failed.
    """
    logging.getLogger(_TOLD_ANYHOW).setLevel(logging.ERROR)
    app = AppTest.from_file(str(_SCRIPT), default_timeout=_PATIENCE)
    for name, texts in address.items():
        app.query_params[name] = texts
    app.session_state[ASKED] = (reading.person, entry, reading.language)
    app.run()
    if app.exception:
        raise NotPrinted(f"{entry.id}: {app.exception[0].message}")
    if PRINTED not in app.session_state:
        raise NotPrinted(f"{entry.id}: nothing was printed")
    return app.session_state[PRINTED]
