"""Which delivered cells would be different today, and why.

Belongs here: comparing a delivered package with a release, the reasons, how far back one looks.
Does not belong here: making the corrected delivery (register), protecting it together with the one
it corrects (protection/former.py), what changed since in the words of a note (note/changes.py).
The door is `restate`.

    delivered        what a package says it is
    compare          its cells beside those of today
    carried          which of these a later answer gives anew
    causes           what changed between its release and today's
    reasons          which of that explains a change (rules.yaml)
    listing          the deliveries in question, and each of them restated
"""

from exports.restatement.listing import Restatement, overtaken, restate, to_be_looked_at

__all__ = ["Restatement", "overtaken", "restate", "to_be_looked_at"]
