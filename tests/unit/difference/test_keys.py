"""The key that a table declares is one: in a built release each row has its own."""

from __future__ import annotations

import pytest

from release.dictionary import read_dictionary
from release.difference import sql
from release.difference.keys import IDENTITY, key_of
from release.reader import Release, open_release

#: Lists of the law and of codes that are compared whole: a dated line has no name of its own.
KEYLESS = "reference."


def keys_that_are_none(release: Release) -> list[str]:
    """Tables without a key, with columns that it names and that are not there, or with rows that
    share one.
    """
    dictionary = read_dictionary(release)
    wrong = []
    for table in dictionary.tables():
        name = f"{table.schema}.{table.table}"
        if name in IDENTITY or name.startswith(KEYLESS):
            continue
        key = key_of(dictionary, name)
        columns = {one.column for one in dictionary.columns(table.schema, table.table)}
        if not key or not set(key) <= columns:
            wrong.append(f"{name}: {key}")
            continue
        (twice,) = release.cursor().execute(sql.repeated(sql.quoted(name), key)).fetchone()
        if twice:
            wrong.append(f"{name}: {key} {twice} times")
    return wrong


@pytest.mark.xdist_group("every_page")
def test_every_table_of_a_release_has_its_key(built_world):
    assert keys_that_are_none(open_release(built_world("fund"))) == []
