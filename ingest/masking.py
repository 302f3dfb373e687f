"""What looks like a national number where none belongs, hidden before it is told or kept, as SQL.

Here belongs how values and keys of rejected rows are shown. The number in its own column, its check
and its pseudonym belong to `pseudonym.py`, whose macros `install` has given the session.

A key is also what later rows are held against (F4, F5), so two keys may never look the same: a
hidden one carries a sign made with the secret key. An identifier of eleven digits is not hidden
unless its checksum is that of a number, or its column wants another form.
"""

import re

#: Eleven digits as people write them: 80.05.17-003.38, 80/05/17 003 38, 80051700338.
_LIKE = "[0-9]{2}[. /]?[0-9]{2}[. /]?[0-9]{2}[- /]?[0-9]{3}[. /]?[0-9]{2}"
_BETWEEN = f"(^|[^0-9])({_LIKE})($|[^0-9])"
HIDDEN = "(hidden)"


def hidden(source: str) -> str:
    """SQL of a text without anything that looks like a national number."""
    # Twice: the character between two numbers belongs to the first one's match.
    for _ in range(2):
        source = f"regexp_replace({source}, '{_BETWEEN}', '\\1{HIDDEN}\\3', 'g')"
    return source


def holds_number(written: str) -> bool:
    """Whether a text that a person gave holds a national number."""
    found = re.findall(f"(?<![0-9])({_LIKE})(?![0-9])", written)
    digits = [re.sub("[^0-9]", "", one) for one in found]
    return any(int(one[9:]) in (97 - int(century + one[:9]) % 97 for century in ("", "2"))
               for one in digits)


def shown_key(source: str, malformed: str = "false") -> str:
    """SQL of the text of a key as it is told and kept: as it is, or hidden and signed.

    `malformed` is SQL that holds where the key cannot be an identifier, so that a number with a
    wrong digit is hidden too.
    """
    found = f"regexp_extract_all(replace({source}, '|', '||'), '{_BETWEEN}', 2)"
    return (f"CASE WHEN len({found}) > 0 AND (({malformed}) OR list_bool_or(list_transform({found},"
            " lambda number: is_niss(regexp_replace(number, '[^0-9]', '', 'g'))))) "
            f"THEN {hidden(source)} || '#' || left(pseudonym({source}), 12) ELSE {source} END")
