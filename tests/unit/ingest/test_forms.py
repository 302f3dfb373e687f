"""A pattern asked as GLOB says what the regular expression says."""

from __future__ import annotations

import re

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.contract import load_contracts
from ingest.forms import has_form

PATTERNS = sorted(
    {c.pattern for contract in load_contracts().values() for c in contract.columns if c.pattern}
    | {"[01][0-9]{9}", "A[0-9]{8}|C[0-9]{8}"}
)


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        yield connection


def agree(connection: duckdb.DuckDBPyConnection, pattern: str, value: str | None) -> None:
    asked = connection.execute(f"SELECT {has_form('x', pattern)} FROM (SELECT $1 AS x)", [value])
    expected = None if value is None else bool(re.fullmatch(f"(?:{pattern.strip('^$')})", value))
    assert asked.fetchone() == (expected,), (pattern, value)


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_it_holds_for_the_same_texts(connection, pattern, data):
    value = data.draw(st.one_of(st.from_regex(pattern.strip("^$"), fullmatch=True), st.text()))
    agree(connection, pattern, value)
    # One place changed, one lost, one too many: also line ends, digits of other scripts, wildcards.
    place = data.draw(st.integers(0, len(value)))
    other = data.draw(
        st.sampled_from(["", "0", "A", "٣", "é", "\n", "*", "?", "[", "]", "\\", " "])
    )
    agree(connection, pattern, value[:place] + other + value[place + 1 :])
    agree(connection, pattern, value[:place] + other + value[place:])


def test_nothing_is_neither_right_nor_wrong(connection):
    for pattern in PATTERNS:
        agree(connection, pattern, None)


def test_what_says_each_place_is_a_glob_and_the_rest_a_regular_expression():
    assert has_form("x", "^D[0-9]{3}$") == "(x GLOB 'D[0-9][0-9][0-9]')"
    assert has_form("x", "A[01]|C") == "(x GLOB 'A[01]' OR x GLOB 'C')"
    for pattern in ("[0-9]{4}(Q[1-4])?", "[^0-9]", "a+", "a.c", "[0-9]{1,9}", "a{2", ""):
        assert has_form("x", pattern) == f"regexp_full_match(x, '{pattern}')"
