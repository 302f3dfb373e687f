"""The error of this package: one sentence in each language, what is wrong and what to do
(texts.yaml).

No sentence ever holds a key, or a part of one.
"""

from __future__ import annotations

from pathlib import Path

from wording.errors import SaidError
from wording.texts import Texts


class EncryptionError(SaidError):
    """A key is missing, is another one, or does not go with what lies in a data folder. What each
    `key` of texts.yaml means stands there.
    """

    texts = Texts(Path(__file__).with_name("texts.yaml"))
