"""What one rule found.

Belongs here: the form of a result, which manifest, register and pages read. Does not belong here:
the rules.
"""

from dataclasses import dataclass

BLOCKING = "blocking"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """The result of one rule of rules.yaml for one statistic (or for the package: code "").

    Attributes:
        rule: id of the rule, `V01` …
        level: BLOCKING or WARNING.
        code: statistic, `T01` …
        passed: whether it holds.
        looked_at, failed: cells (or other things) looked at, and those for which it does not hold.
        sentence_fr, sentence_nl: what was found and what to do, one sentence each.
    """

    rule: str
    level: str
    code: str
    passed: bool
    looked_at: int
    failed: int
    sentence_fr: str
    sentence_nl: str

    def sentence(self, lang: str) -> str:
        """Return what was found, in a language (fr or nl)."""
        return self.sentence_nl if lang == "nl" else self.sentence_fr
