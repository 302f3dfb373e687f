"""What a person reads on the command line and in notices, in French, Dutch and English
(texts.yaml).

Does not belong here: labels of figures (they stand in the dbt YAML), messages of ingest and of dbt.
"""

from __future__ import annotations

import os
from pathlib import Path

from wording.texts import Texts

LANGUAGES = ("fr", "nl", "en")

TEXTS = Texts(Path(__file__).with_name("texts.yaml"))
say, has = TEXTS.say, TEXTS.has


def default_language() -> str:
    """VIGIE_LANG when it names a language we have, else French; for texts needed before the
    settings are read.
    """
    lang = (os.environ.get("VIGIE_LANG") or "fr").lower()
    return lang if lang in LANGUAGES else "fr"
