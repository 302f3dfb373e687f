"""What is looked at before a package may be reviewed: rules with an id and a level.

Belongs here: the rules (rules.yaml), their application to what is about to be written. Does not
belong here: disclosure (protection), votes and waivers (register). The door is `validate`.

    rule, finding    a rule, and what it found
    view             the cells of a statistic as they leave, beside those of the release
    completeness, codes, additivity, coherence, plausibility, difference, withdrawn, freshness,
    values           what the rules look at; each function takes a view and gives a result
"""

from exports.validation.check import validate

__all__ = ["validate"]
