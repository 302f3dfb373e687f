"""What an explanation says of itself, in French, Dutch and English (texts.yaml).

Belongs here: headings, sentences, and words that the dictionary of a release does not have. Does
not belong here: names of columns and codes (meta.dictionary and core.dim_code have them).
"""

from __future__ import annotations

from pathlib import Path

from wording.texts import Texts

LANGUAGES = ("fr", "nl", "en")
TEXTS = Texts(Path(__file__).with_name("texts.yaml"))
say, has = TEXTS.say, TEXTS.has
