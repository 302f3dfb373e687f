"""The form that a text must have, as SQL.

Here belongs how a pattern of a contract is asked of millions of texts. What a pattern is for (which
rule, which column) stands in `rules.py`.
"""

import re

from ingest.engine import text

#: One class of characters or one letter or digit, and how often it stands there.
_TOKEN = re.compile(r"(\[[A-Za-z0-9-]+\]|[A-Za-z0-9])(?:\{([0-9]+)\})?")


def has_form(source: str, pattern: str) -> str:
    """SQL: whether the text `source` as a whole has the form `pattern` (null where it is null).

    A pattern that says of each place what may stand there is a GLOB, which takes half the time of
    a regular expression; identifiers are such.
    """
    bare = pattern.removeprefix("^").removesuffix("$")
    globs = [_glob(form) for form in bare.split("|")]
    if not all(globs):
        return f"regexp_full_match({source}, {text(bare)})"
    return "(" + " OR ".join(f"{source} GLOB {text(glob)}" for glob in globs) + ")"


def _glob(form: str) -> str:
    """The same form as a GLOB, or "" when it says more than what stands at each place."""
    tokens = list(_TOKEN.finditer(form))
    if "".join(token[0] for token in tokens) != form:
        return ""
    return "".join(token[1] * int(token[2] or 1) for token in tokens)
