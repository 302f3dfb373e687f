"""Errors of the sample fund: what is wrong, as a key and its values. The words are the command
line's (orchestration/texts.yaml, `sample.<key>`), for this package imports nothing of ours.
"""

from typing import Any


class SampleError(Exception):
    """An argument of the sample fund is out of range, or its place is taken."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(f"{key}: {values}")
        self.key, self.values = key, values
