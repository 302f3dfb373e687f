"""What somebody types to find an account, in any form it is written in.

Belongs here: the forms of an account's number, an enterprise number, a structured communication,
and of a national number, which is refused. Does not belong here: whether the release knows it.
"""

import re
from dataclasses import dataclass

from exports.register.national_number import holds_national_number

_ACCOUNT = re.compile(r"([AC])[\s.\-/]*0*(\d{1,8})", re.IGNORECASE)
_ENTERPRISE = re.compile(r"(?:BE\s*)?([01]?\d{3})[.\s]?(\d{3})[.\s]?(\d{3})", re.IGNORECASE)
_COMMUNICATION = re.compile(r"[+*]{0,3}\s*(\d{3})[/\s]?(\d{4})[/\s]?(\d{5})\s*[+*]{0,3}")


@dataclass(frozen=True)
class Asked:
    """What was typed: `kind` is account, enterprise or communication; `value` as the release
    writes it."""

    kind: str
    value: str


def read(text: str) -> Asked | None:
    """Return what was typed; None when it has none of the forms, or its check digits are wrong."""
    bare = text.strip()
    if found := _ACCOUNT.fullmatch(bare):
        return Asked("account", f"{found[1].upper()}{int(found[2]):08d}")
    if found := _COMMUNICATION.fullmatch(bare):
        digits = "".join(found.groups())
        return Asked("communication", digits) if _communication_holds(digits) else None
    if found := _ENTERPRISE.fullmatch(bare):
        digits = "".join(found.groups()).zfill(10)
        return Asked("enterprise", digits) if _enterprise_holds(digits) else None
    return None


def is_person(text: str) -> bool:
    """Whether a text holds a national number, or as many digits as one with a slip in it: it is
    neither searched nor kept.
    """
    return len(re.sub(r"\D", "", text)) == 11 or holds_national_number(text)


def _enterprise_holds(digits: str) -> bool:
    return 97 - int(digits[:8]) % 97 == int(digits[8:])


def _communication_holds(digits: str) -> bool:
    # A rest of 0 is written 97.
    return (int(digits[:10]) % 97 or 97) == int(digits[10:])
