"""What disclosure control refuses, in sentences a statistician can act on.

Belongs here: the kinds of refusal. Does not belong here: the sentences, which stand in texts.yaml.
"""

from collections.abc import Sequence

from exports.errors import ExportError


class DisclosureError(ExportError):
    """Base of every refusal of this package. `sentences` holds one sentence per fault."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = tuple(sentences)


class BadTable(DisclosureError):
    """The input is not a table that can be judged: nothing is computed, nothing is written."""


class ProtectionImpossible(DisclosureError):
    """No admissible pattern protects every unsafe cell: nothing is written."""
