"""What makes a row of a table the same row in two releases: the key that its declaration names.

The key stands once, in the declaration of the table (`meta.key`: the YAML of a model or a seed,
meta_tables.yml), and comes with the release in `meta.dictionary`; of a statistic it is its period,
its dimensions and its measure. Does not belong here: comparing.
"""

from __future__ import annotations

from release.dictionary import Dictionary, Entry

#: What no two releases share, and says nothing of figures: who it is, when it was made.
IDENTITY = frozenset({"meta.release"})
#: Tables that tell what changed since the release before: of two releases they tell two stories.
SINCE_THE_LAST = frozenset(
    {
        "recovery.mart_new_payments",
        "recovery.mart_outstanding_changes",
        "recovery.mart_worklist_changes",
    }
)
#: Columns that differ from build to build or from home to home alone.
UNSTABLE = {
    "meta.deliveries": frozenset({"loaded_at"}),
    "meta.dictionary": frozenset({"position"}),
}
STATISTICS = "statistics"


def key_of(dictionary: Dictionary, name: str) -> tuple[str, ...]:
    """Columns of the key of a table `schema.table`; empty when none is declared."""
    schema, _, table = name.partition(".")
    return declared_key(dictionary.table(schema, table)) if dictionary.has(schema, table) else ()


def declared_key(table: Entry) -> tuple[str, ...]:
    """Columns of the key of a table, by its entry in the dictionary; empty without any."""
    if table.schema == STATISTICS and "dimensions" in table.meta:
        return ("ref_period", *(one["name"] for one in table.meta["dimensions"]), "measure")
    return tuple(table.meta.get("key") or ())
