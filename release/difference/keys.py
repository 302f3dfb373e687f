"""What makes a row of a table the same row in two releases: the key that its declaration names.

The key stands once, in the declaration of the table (`meta.key`: the YAML of a model or a seed,
meta_tables.yml), and comes with the release in `meta.dictionary`; of a statistic it is its period,
its dimensions and its measure. Does not belong here: comparing.
"""

from __future__ import annotations

from release.dictionary import Dictionary

#: What no two releases share, and says nothing of figures: who it is, when it was made.
IDENTITY = frozenset({"meta.release"})
#: Columns that differ from build to build or from home to home alone.
UNSTABLE = {
    "meta.deliveries": frozenset({"loaded_at"}),
    "meta.dictionary": frozenset({"position"}),
}
STATISTICS = "statistics"


def key_of(dictionary: Dictionary, name: str) -> tuple[str, ...]:
    """Columns of the key of a table `schema.table`; empty when none is declared."""
    schema, _, table = name.partition(".")
    if not dictionary.has(schema, table):
        return ()
    meta = dictionary.table(schema, table).meta
    if schema == STATISTICS and "dimensions" in meta:
        return ("ref_period", *(one["name"] for one in meta["dimensions"]), "measure")
    return tuple(meta.get("key") or ())
