"""The release behind a page: one whole state per rerun, results cached by release.

Belongs here: opening through the package `release`, and the caches. Does not belong here: queries.
This module is not called release.py because Streamlit puts this folder in front of the import path,
where that name would hide the package it reads.

The pointer is read at each rerun: a release published meanwhile is seen at the next interaction,
while a rerun that has begun stays with the one it took. Streamlit's caches are shared by all
sessions, so every key holds the release, the language and the right of who looks. A page reaches
its data through `Reading.query` alone, as that right may see them (dashboards/access).
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from dashboards import clock
from dashboards.access.person import Person, Right, everybody
from dashboards.access.small_counts import FEW
from dashboards.access.view import View, coarse, view_of
from dashboards.i18n import Language, quarter_of
from dashboards.outside import Markdown
from release.dictionary import Dictionary, Entry, read_dictionary
from release.reader import Release, open_release

_SESSION_KEY = "vigie_reading"
#: Which tables this rerun has read, by release.
_READ_KEY = "vigie_read"
_KEPT_RESULTS = 400


@dataclass(frozen=True)
class Reading:
    """What a page reads with: a release, a language, who looks; whether a reader chose a release
    of the past. `page`: the id of the page."""

    release: Release
    language: Language
    is_past: bool = False
    person: Person = field(default_factory=everybody)
    page: str = ""

    @property
    def lang(self) -> str:
        """Return fr or nl."""
        return self.language.code

    def text(self, key: str, **values: object) -> Markdown:
        """Return a text of the interface; the values in it are escaped."""
        return self.language.text(key, **values)

    def nothing(self, key: str, **values: object) -> Markdown:
        """Return a text that says that there is nothing; where small counts are not shown, it says
        also that they are told as nothing."""
        said = self.text(key, **values)
        return self.text("nothing_or_few", said=said) if self.right.cut else said

    @property
    def right(self) -> Right:
        """Return what who looks may see."""
        return self.person.right

    @property
    def _view(self) -> View:
        return view_of(self.release, self.right)

    def may_see(self, schema: str, table: str) -> bool:
        """Whether who looks may see a table; a page leaves out what it would be shown for."""
        return self.right.may_see(f"{schema}.{table}")

    def holds(self, schema: str, table: str) -> bool:
        """Whether the release has a table that who looks may see."""
        return f"{schema}.{table}" in self._view.tables

    def query(self, sql: str, **values: object) -> pd.DataFrame:
        """Run a query on the release as who looks may see it; DuckDB aggregates, the result is
        what is displayed.

        Args:
            sql: one select; `$name` stands for a value. Money comes back as float, exact to the
                cent below 10^13.

        Raises:
            ForbiddenQuery: it reads what this right does not hold.
        """
        view = self._view
        _note(self, view.read(sql))
        keys = tuple(sorted((name, _frozen(value)) for name, value in values.items()))
        # A release that was current a moment ago is seen otherwise from now on.
        seen_as = f"{self.right.key}{'_coarse' if view.is_coarse else ''}"
        return _query(view, self.release.id, self.lang, seen_as, sql, keys)

    def rows(self, sql: str, **values: object) -> list[dict[str, object]]:
        """Run a query as `query` does, for what is told value by value: money is decimal, and
        nothing is kept for the next rerun.

        Raises:
            ForbiddenQuery: it reads what this right does not hold.
        """
        view = self._view
        _note(self, view.read(sql))
        return view.rows(sql, values)

    def tables_read(self) -> frozenset[str]:
        """Return the tables that this page has read so far, of any release."""
        read = st.session_state.get(_READ_KEY, {}).values()
        return frozenset(table for _, tables in read for table in tables)

    def small_counts(self) -> tuple[int, int]:
        """Return how many cells were merged and left out in what this page has read so far."""
        told = [
            reading._view.told(table)
            for reading, tables in st.session_state.get(_READ_KEY, {}).values()
            for table in sorted(tables)
        ]
        found = [one for one in told if one]
        return sum(one.merged for one in found), sum(one.left_out for one in found)

    def entry(self, schema: str, table: str, column: str | None = None) -> Entry:
        """Return what the release says about a column, or about a table; a bare name when it says
        nothing."""
        try:
            if column is None:
                return self._dictionary.table(schema, table)
            return self._dictionary.column(schema, table, column)
        except KeyError:
            return Entry(schema, table, column, None, "")

    def label_of(self, schema: str, table: str, column: str) -> str:
        """Return what the release calls a column."""
        return self.entry(schema, table, column).label(self.lang)

    @property
    def looked_on(self) -> date:
        """Return the day on which somebody looks, from which days are counted (H7); never before
        the day the data are as of."""
        return max(self.release.business_date, clock.today())

    @property
    def looks_later(self) -> bool:
        """Whether somebody looks on a later day than the data are as of."""
        return self.looked_on > self.release.business_date

    def running_quarter(self) -> str:
        """Return the quarter that is not over: its figures can still change."""
        return quarter_of(self.release.business_date + timedelta(days=1))

    def today(self) -> "Reading":
        """Return a reading of what is known today, for a reader who chose a release of the past."""
        return replace(self.of_release(open_release()), is_past=False)

    def of_release(self, release: Release) -> "Reading":
        """Return a reading of another release. Where who looks sees its amounts in thousands, they
        are written without the cents that they do not have."""
        language = Language(self.lang, has_cents=not self._is_coarse(release))
        return replace(self, release=release, language=language)

    @property
    def is_coarse(self) -> bool:
        """Whether amounts are thousands of euros: a release of the past, for a right without
        names."""
        return self._is_coarse(self.release)

    def _is_coarse(self, release: Release) -> bool:
        return not self.right.named and coarse(release, self.right)

    def values_of(self, schema: str, table: str, column: str) -> list:
        """Return the values that a column has, each once: for a choice among tables of one form,
        which a query of a page cannot name.

        Raises:
            KeyError: the release has no such column.
        """
        # A name of the release, and nothing else, is put into the query.
        self._dictionary.column(schema, table, column)
        return list(self.query(f'select distinct "{column}" from "{schema}"."{table}"')[column])

    def labels(self, list_name: str) -> dict[str, str]:
        """Return the labels of a code list, in its order; last that of what was merged, where
        small counts are."""
        known = _labels(self.release, self.release.id, self.lang, list_name)
        return {**known, FEW: str(self.text("few"))} if self.right.cut else known

    def label(self, list_name: str, code: str) -> str:
        """Return the label of one code; the code itself when the list does not hold it."""
        return self.labels(list_name).get(code, code)

    def named(self, list_name: str, codes: pd.Series) -> pd.Series:
        """Return a column of codes as labels; a code the list does not hold stays as it is."""
        known = self.labels(list_name)
        return codes.map(lambda code: known.get(code, code)).astype(object)

    def with_names(self, rows: pd.DataFrame, **lists: str) -> pd.DataFrame:
        """Return rows of which columns hold labels in place of codes: `column=list_name`."""
        named = {column: self.named(of, rows[column]) for column, of in lists.items()}
        return rows.assign(**named)

    def tables(self) -> list[Entry]:
        """Return the tables of the release, as its dictionary has them."""
        return self._dictionary.tables()

    def has(self, schema: str, table: str, column: str | None = None) -> bool:
        """Whether the release has a table, or a column: one that was built before has not."""
        return self._dictionary.has(schema, table, column)

    def columns(self, table: Entry) -> list[Entry]:
        """Return the columns of a table, in its order."""
        return self._dictionary.columns(table.schema, table.table)

    @property
    def _dictionary(self) -> Dictionary:
        return _dictionary(self.release, self.release.id)


def begin(language: Language, person: Person | None = None) -> Reading:
    """Take the current release for this rerun. Raises release.errors.ReleaseError."""
    st.session_state[_READ_KEY] = {}
    return Reading(open_release(), language, person=person or everybody())


def put(reading: Reading) -> None:
    """Hand the reading to the page that runs next in this session."""
    st.session_state[_SESSION_KEY] = reading


def current() -> Reading:
    """Return the reading of this rerun, for a page."""
    return st.session_state[_SESSION_KEY]


def _note(reading: Reading, tables: frozenset[str]) -> None:
    read = st.session_state.setdefault(_READ_KEY, {})
    known = read.get(reading.release.id, (reading, frozenset()))[1]
    read[reading.release.id] = (reading, known | tables)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list | set) else value


@st.cache_data(show_spinner=False, max_entries=_KEPT_RESULTS)
def _query(
    _view: View, release_id: str, lang: str, right_key: str, sql: str, values: tuple
) -> pd.DataFrame:
    return _view.query(sql, {n: list(v) if isinstance(v, tuple) else v for n, v in values})


@st.cache_data(show_spinner=False, max_entries=_KEPT_RESULTS)
def _labels(_release: Release, release_id: str, lang: str, list_name: str) -> dict[str, str]:
    rows = _release.cursor().execute(
        "select code, case when $lang = 'nl' then label_nl else label_fr end"
        " from core.dim_code where list_name = $list_name order by rank, code",
        {"lang": lang, "list_name": list_name},
    )
    return {code: label or code for code, label in rows.fetchall()}


@st.cache_resource(show_spinner=False, max_entries=8)
def _dictionary(_release: Release, release_id: str) -> Dictionary:
    return read_dictionary(_release)
