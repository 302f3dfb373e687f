"""What cannot be explained: one sentence, in the language of who asked.

Does not belong here: errors of the folder of releases (release.errors).
"""

from __future__ import annotations

from explain.texts import TEXTS
from wording.errors import SaidError


class ExplainError(SaidError):
    """Nothing is known of what was asked."""

    texts = TEXTS
