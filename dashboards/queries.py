"""SQL of a page: a file of the same name beside it, in which each query has a name.

Belongs here: reading such a file. Does not belong here: running a query (source). A file looks like

    -- part: chosen
    from contribution.mart_quarter where contribution_year between $first and $last

    -- query: totals
    select sum(claimed_amount) as claimed_amount {chosen}

A part is text that several queries of the file share; it is filled in once, when the file is read,
and never from a choice: what a reader chooses is a value (`$first`).
"""

import re
from functools import cache
from pathlib import Path

_HEAD = re.compile(r"^-- (part|query): (\w+)$", re.MULTILINE)


@cache
def beside(module: str) -> dict[str, str]:
    """Return the queries of the file beside a module (its `__file__`), by name.

    Raises:
        ValueError: the file has text before its first name, or a name twice.
        KeyError: a query names a part that stands nowhere above it.
    """
    path = Path(module).with_suffix(".sql")
    before, *found = _HEAD.split(path.read_text(encoding="utf-8"))
    if before.strip():
        raise ValueError(f"{path.name}: the first line is no name of a part or query")
    parts: dict[str, str] = {}
    queries: dict[str, str] = {}
    for kind, name, text in zip(found[::3], found[1::3], found[2::3], strict=True):
        if name in parts or name in queries:
            raise ValueError(f"{path.name}: {name} stands there twice")
        filled = text.strip().rstrip(";").format_map(parts)
        (parts if kind == "part" else queries)[name] = filled
    return queries
