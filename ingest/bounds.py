"""How large and of which characters what is delivered may be (H12), and how names are told.

Here belong the bounds and the one way to show a name that came from outside. Which sentence is said
where one is passed belongs to `delivery.py`, `scan.py` and `rules.py`.

Choices: MB is a million bytes; letters are those of ASCII; an identifier is a column that is a key,
refers to one or is called `_id`.
"""

import hashlib
import re

from ingest.texts import said

MB = 1_000_000
NAME_CHARACTERS = 100
TEXT_CHARACTERS = 10_000
IDENTIFIER_CHARACTERS = 100
LINE_BYTES = MB
MANIFEST_BYTES = 10 * MB
# A compressed file past the first bound may not be this many times as long as on disk.
UNPACKED_BYTES, UNPACKED_TIMES = 100 * MB, 100

NAME_RULE = said("name_rule", most=NAME_CHARACTERS)
_NAME = re.compile(rf"[A-Za-z0-9_.-]{{1,{NAME_CHARACTERS}}}")
_SHOWN = 60


def is_name(name: str) -> bool:
    """Whether a delivery or a file may be called so."""
    return _NAME.fullmatch(name) is not None


def told(name: str) -> str:
    """A name from outside as it may be shown, logged and kept: nothing in it steers a terminal or
    breaks a line. What may not be a name is also cut; its sign then tells two of them apart.
    """
    if is_name(name):
        return name
    raw = name.encode("utf-8", "surrogatepass")
    shown = "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in name
    )
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…{_sign(raw)}"


def file_stem(name: str) -> str:
    """The name, without its end, of the file that is about a delivery called `name` (as `told`)."""
    return name if is_name(name) else f"name-{_sign(name.encode('utf-8'))}"


def _sign(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:12]
