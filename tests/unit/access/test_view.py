"""A right reaches its tables and nothing else, whatever it asks; a cache serves nobody else."""

from __future__ import annotations

import itertools
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dashboards import source
from dashboards.access.declared import PERSONS, declaration
from dashboards.access.errors import ForbiddenQuery
from dashboards.access.person import Person, Right, demonstration, everybody, right_of
from dashboards.access.view import tables_of, view_of
from dashboards.i18n import Language
from release.reader import open_release

OFFICES = ("BXL", "GNT")
RIGHTS: dict[str, Right] = {
    **{role: right_of((role,), None) for role in declaration().roles},
    **{f"recovery of {one}": right_of(("recovery",), frozenset({one})) for one in OFFICES},
    "recovery of no office": right_of(("recovery",), frozenset()),
    "management and recovery of BXL": right_of(("management", "recovery"), frozenset({"BXL"})),
    "no role": right_of((), None),
    "all": everybody().right,
}


def reading(person: Person) -> source.Reading:
    return source.begin(Language("fr"), person)


@pytest.mark.parametrize("name", RIGHTS)
def test_a_right_reads_the_tables_it_has_and_no_other(fund, name):
    right, release = RIGHTS[name], open_release()
    view = view_of(release, right)
    held = [
        table
        for (table,) in release.cursor()
        .execute("select schema_name || '.' || table_name from duckdb_tables()")
        .fetchall()
    ]
    for table in held:
        sql = f"select * from {table} limit 1"
        if right.may_see(table):
            view.query(sql, {})
        else:
            with pytest.raises(ForbiddenQuery):
                view.query(sql, {})
            # Even a query that nobody looked at finds nothing.
            with pytest.raises(duckdb.Error):
                view._connection.cursor().execute(sql)


@pytest.mark.parametrize("office", OFFICES)
def test_an_agent_reads_the_lines_of_their_office(fund, office):
    """Each line of persons belongs to an account of the office; together the offices have them
    all."""
    release, right = open_release(), RIGHTS[f"recovery of {office}"]
    view = view_of(release, right)
    cursor = release.cursor()
    cursor.execute(
        """create temp table managed as
        select affiliate_id as account_id, office_code from core.dim_affiliate
        union all select company_id, office_code from core.dim_company"""
    )
    for table in sorted(right.by_office):
        column = declaration().keys[table]
        found = view.query(f"select count(*) as n from {table}", {})["n"].iloc[0]
        where = (
            f"{column} = '{office}'"
            if column == "office_code"
            else f"{column} in (select account_id from managed where office_code = '{office}')"
        )
        (meant,) = cursor.execute(f"select count(*) from {table} where {where}").fetchone()
        assert found == meant, table
    nobody = view_of(release, RIGHTS["recovery of no office"])
    for table in sorted(right.by_office):
        assert nobody.query(f"select count(*) as n from {table}", {})["n"].iloc[0] == 0


FORBIDDEN = [
    "select * from whole.contribution.fct_charges",
    "select * from whole.main.x",
    "select * from memory.own.accounts",
    "select * from own.accounts",
    "select * from own.contribution__mart_quarter",
    "select * from information_schema.tables",
    "select * from pg_catalog.pg_tables",
    "select * from duckdb_tables",
    "select * from duckdb_tables()",
    "select * from sqlite_master",
    "select * from fct_charges",
    "select * from (with x as (select 1) select * from x) as y, x",
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('x')",
    "select * from glob('/*')",
    "select * from parquet_scan('x')",
    "select * from '/etc/passwd'",
    "from 'x.duckdb'",
    "select * from query('select 1')",
    "select * from query_table('contribution.fct_charges')",
    "select (select count(*) from read_csv('x'))",
    "select 1 where exists (from contribution.fct_charges)",
    "with x as (from contribution.fct_charges) select * from x",
    "select 1 order by (select max(account_id) from contribution.fct_charges)",
    "select * from core.dim_code, lateral (from contribution.fct_charges)",
    "select 1 union all select 2 from contribution.fct_charges",
    "describe contribution.fct_charges",
    "select * from (describe contribution.mart_quarter)",
    "summarize contribution.mart_quarter",
    "show tables",
    "pragma database_list",
    "call duckdb_tables()",
    "explain select 1",
    "select 1; select 2",
    "select 1; drop view contribution.mart_quarter",
    "drop view contribution.mart_quarter",
    "create table x as select 1",
    "insert into core.dim_code select * from core.dim_code",
    "update core.dim_code set code = ''",
    "delete from core.dim_code",
    "copy (select 1) to '/tmp/x.csv'",
    "export database '/tmp/x'",
    "attach '/tmp/x.duckdb' as x",
    "detach whole",
    "use whole",
    "install httpfs",
    "load httpfs",
    "set lock_configuration = false",
    "reset enable_external_access",
    "checkpoint",
    "vacuum",
    "pivot core.dim_code on list_name using count(*)",
    "",
    "nonsense",
    "-- nothing",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_a_query_that_reaches_further_is_refused(fund, sql):
    """And most would be by the database itself, were the look at them missing."""
    with pytest.raises(ForbiddenQuery):
        view_of(open_release(), RIGHTS["management"]).query(sql, {})


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "copy (select 1) to '/tmp/vigie-access-test.csv'",
        "attach '/tmp/vigie-access-test.duckdb' as other",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "insert into whole.core.dim_code select * from whole.core.dim_code",
    ],
)
def test_the_database_itself_reaches_no_file_and_changes_no_setting(fund, sql):
    cursor = view_of(open_release(), RIGHTS["all"])._connection.cursor()
    with pytest.raises(duckdb.Error):
        cursor.execute(sql)
    assert not list(Path("/tmp").glob("vigie-access-test*"))


def test_the_tables_of_a_query_are_found_wherever_they_stand():
    sql = """
        with one as (select * from a.t1 where x in (select y from b.t2)),
        two as (from one inner join c.t3 using (z))
        select count(*) filter (where exists (select 1 from d.t4)), (select max(v) from e.t5)
        from two, unnest([1, 2]) as u(n), (values (1)) as v(w), range(3) as r
        where w > (select min(q) from f.t6) union all select 1, 2 from g.t7
    """
    assert tables_of(sql) == {f"{'abcdefg'[n]}.t{n + 1}" for n in range(7)}


ASKED = (
    "select * from contribution.mart_quarter order by all",
    "select count(*) as n, sum(debtors) as debtors from recovery.mart_arrears_ageing",
    "select count(*) as n, max(account_id) as last from contribution.fct_charges",
    "select count(*) as n from recovery.mart_worklist",
)


def answers(person: Person) -> list[pd.DataFrame | None]:
    """What a person is given for each query; None where it is refused."""
    found = []
    for sql in ASKED:
        try:
            found.append(reading(person).query(sql))
        except ForbiddenQuery:
            found.append(None)
    return found


def test_a_cache_warmed_by_one_serves_no_other(fund):
    """All ordered pairs of rights: the second is given what it would be given alone."""
    import streamlit as st

    people = {
        **{role: demonstration((role,)) for role in declaration().roles},
        **{f"recovery of {one}": Person("x", "x", ("recovery",), frozenset({one}))
           for one in OFFICES},
        "all": everybody(),
    }  # fmt: skip
    alone = {}
    for name, person in people.items():
        st.cache_data.clear()
        alone[name] = answers(person)
    # The rights do see different things: else nothing would be shown by the pairs.
    assert alone["management"][2] is None
    assert alone["recovery of BXL"][2]["n"].iloc[0] < alone["all"][2]["n"].iloc[0]
    assert not alone["management"][0].equals(alone["all"][0])
    for first, second in itertools.permutations(people, 2):
        st.cache_data.clear()
        answers(people[first])
        for mine, meant in zip(answers(people[second]), alone[second], strict=True):
            assert (mine is None) == (meant is None)
            if mine is not None:
                pd.testing.assert_frame_equal(mine, meant)


def test_lines_of_persons_are_declared_as_such(fund):
    """A table with the key of a person or an account is one of persons, or its key stands among
    what no role without names is given."""
    rows = (
        open_release()
        .cursor()
        .execute(
            "select schema_name || '.' || table_name from duckdb_columns() where column_name in"
            " ('account_id', 'affiliate_id', 'company_id', 'person_key', 'charge_id', 'case_id',"
            " 'enterprise_number') group by all"
        )
        .fetchall()
    )
    kinds = declaration().kinds
    assert [table for (table,) in rows if kinds.get(table) != PERSONS] == []
