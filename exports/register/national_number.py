"""Whether a text that a person typed holds a national number: what is kept for ever never does.

Belongs here: this one question, for the register, the notebook and what is typed into a search.
Does not belong here: the numbers of deliveries, which ingest replaces by pseudonyms before anybody
sees them (and which nothing here may import).
"""

import re
import unicodedata

_DIGITS = 11
#: Groups of digits that up to three signs which are no letters hold together: 85.07.30 - 033.28.
_RUN = re.compile(r"\d+(?:[\W_]{1,3}\d+)*")
_GROUP = re.compile(r"\d+")


def holds_national_number(text: str) -> bool:
    """Say whether groups of digits beside each other make eleven whose check number is right, of
    somebody born in either century, however they are set apart.
    """
    for run in _RUN.findall(unicodedata.normalize("NFKC", text)):
        groups = _GROUP.findall(run)
        for first in range(len(groups)):
            digits = ""
            for group in groups[first:]:
                digits += group
                if len(digits) >= _DIGITS:
                    break
            if len(digits) == _DIGITS and _is_right(digits):
                return True
    return False


def _is_right(digits: str) -> bool:
    born, check = digits[:9], int(digits[9:])
    return any(check == 97 - int(century + born) % 97 for century in ("", "2"))
