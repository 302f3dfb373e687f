"""Tables as people read them: sortable days and numbers, room for their texts, one line to choose.

Belongs here: the grid, its columns, the choice in it. Does not belong here: what a column means
(figures), how values are written (formats), files (downloads).

A choice is a key of the data (an account, a code), never the number of a line: lines change places
when a reader filters or sorts, or when another release is published.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from math import ceil, inf
from operator import attrgetter

import pandas as pd
import streamlit as st

from dashboards import address, downloads, sheet
from dashboards.charts import BLUE
from dashboards.figures import Column, help_of
from dashboards.formats import NOTHING
from dashboards.source import Reading

# In pixels, measured on the font of the pages: a letter, one of those beyond the first `_FEW` (in a
# long text wide and narrow ones even out), the edges of a cell, the arrow of a heading, a line of
# text, what one line needs.
_LETTER, _MORE, _FEW, _EDGES, _SIGNS, _LINE, _ONE_LINE = 6.5, 4.8, 40, 20, 14, 19, 35
#: Nothing is cut off for being long: up to `_MOST` a column is as wide as its longest text, beyond
#: it is one of sentences (`_SENTENCE`), which wrap. A grid that is wider than the page scrolls.
_LEAST, _MOST, _SENTENCE = 52, 560, 330
#: Lower lines than this (Streamlit: more than four letters of 15 pixels) are never wrapped: a
#: second line is cut off.
_WRAPPED = 61
#: Sentences wrap over at most so many lines; what is longer is read whole by a click or by Enter,
#: and a screen reader reads it whole anyway.
_LINES = 5
#: A page shows so many lines of a list; its download has them all.
LIST_LINES = 200
#: How twins are when a page is opened.
TWINS_OPEN = False
# So many values measure a column; a longer one costs more than it tells.
_MEASURED = 500


def show_table(
    reading: Reading,
    key: str,
    rows: pd.DataFrame,
    columns: Sequence[Column],
    *,
    is_whole: bool = False,
) -> None:
    """Show rows as a table, with its download. `is_whole`: all lines in sight, for a table that is
    read from the first to the last."""
    sheet.remember(sheet.Table(key, rows, tuple(columns)))
    _draw(reading, key, rows, columns, **({"height": "content"} if is_whole else {}))


def show_list(
    reading: Reading,
    key: str,
    title: str,
    read: Callable[[int], pd.DataFrame],
    columns: Sequence[Column],
    lines: int,
) -> None:
    """Show the beginning of a list of so many `lines`, and the whole of it as its download.
    `read` returns so many of its rows at most; `title` is that of the workbook."""
    rows = read(LIST_LINES)
    if lines <= LIST_LINES:
        show_table(reading, key, rows, columns)
        return
    number = reading.language.number
    sheet.note(reading.text("list_shown", shown=number(LIST_LINES), all=number(lines)))
    sheet.remember(sheet.Table(key, rows, tuple(columns)))
    shown, settings = displayed(reading, rows, columns)
    st.dataframe(shown, key=f"{key}_table", **settings)
    downloads.offer_workbook(reading, key, title, lambda: read(lines), columns)


def show_twin(reading: Reading, key: str, rows: pd.DataFrame, columns: Sequence[Column]) -> None:
    """Show the figures of a chart as a table, folded away, with its download. Drawn when a reader
    opens it: on a page with five of them that is a third of its time.
    """
    label = reading.text("table_twin", rows=reading.language.number(len(rows)))
    folded = st.expander(
        label, TWINS_OPEN, icon=":material/table_rows:", key=f"{key}_twin", on_change="rerun"
    )
    if folded.open:
        with folded:
            _draw(reading, key, rows, columns)


def _draw(
    reading: Reading, key: str, rows: pd.DataFrame, columns: Sequence[Column], **more: object
) -> None:
    shown, settings = displayed(reading, rows, columns)
    st.dataframe(shown, key=f"{key}_table", **settings, **more)
    downloads.offer(reading, key, rows, columns)


def keep(key: str, value: str) -> None:
    """Choose a line before it is shown, as a reader's tick would."""
    st.session_state[_kept(key)] = value


def _kept(key: str) -> str:
    return f"{key}_chosen"


def choose(
    reading: Reading,
    key: str,
    rows: pd.DataFrame,
    columns: Sequence[Column],
    by: str,
    *,
    height: int | None = None,
    row_height: int | None = None,
    shade: tuple[str, Sequence[str]] | None = None,
    then: Callable[[str], None] | None = None,
) -> str | None:
    """Show rows of which one may be ticked; returns the value of its column `by`.

    Once made, the choice stays whatever else is chosen, and goes with its line. `then` is called
    with it when a reader ticks; `shade`: a column and one colour for each of its cells.
    """
    sheet.remember(sheet.Table(key, rows, tuple(columns)))
    keys = [str(value) for value in rows[by]]
    kept = _kept(key)
    address.take(kept, address.one_of(keys))
    if st.session_state.get(kept) not in keys:
        st.session_state[kept] = None
    chosen = st.session_state[kept]
    address.write(kept, chosen)
    # Other lines make another table: the browser forgets the numbers of those that were there.
    lines = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
    widget = f"{key}_lines_{lines}"

    def take() -> None:
        ticked = st.session_state[widget]["selection"]["rows"]
        st.session_state[kept] = keys[ticked[0]] if ticked else None
        if ticked and then:
            then(keys[ticked[0]])

    shown, settings = displayed(reading, rows, columns, shade)
    st.dataframe(
        shown,
        key=widget,
        on_select=take,
        selection_mode="single-row",
        selection_default={"selection": {"rows": [keys.index(chosen)] if chosen else []}},
        **settings
        | ({"height": height} if height else {})
        | ({"row_height": row_height} if row_height else {}),
    )
    return chosen


def displayed(
    reading: Reading,
    rows: pd.DataFrame,
    columns: Sequence[Column],
    shade: tuple[str, Sequence[str]] | None = None,
) -> tuple[object, dict]:
    """Return rows as they are sorted, with the text of each number beside it, and the settings of
    their columns, for st.dataframe."""
    typed, settings, lines = {}, {}, 1
    for column in columns:
        values = rows[column.name].reset_index(drop=True)
        texts = texts_of(reading, rows, column)
        is_wrapped = column.wide or _needed(column, texts) > _MOST
        width = _width(column, texts, is_wrapped)
        if is_wrapped and len(texts):
            longest = _usual_length(texts)
            lines = max(lines, min(_LINES, ceil(longest * _LETTER / (width - _EDGES))))
        typed[column.label] = texts if column.format.kind == "flag" else column.format.typed(values)
        if column.written and column.format.is_number:
            # Of a value that is null a browser shows no sign: it is one below all others.
            numbers = typed[column.label].astype(float)
            numbers = numbers.mask(numbers.isna() & (texts != NOTHING), -inf)
            typed[column.label] = pd.Series(map(_Written, numbers, texts), dtype=object)
        settings[column.label] = _setting(reading, column, width)
    frame = pd.DataFrame(typed)
    return _styled(reading, frame, columns, shade), {
        "hide_index": True,
        "column_config": settings,
        "row_height": max(_WRAPPED, _ONE_LINE + _LINE * (lines - 1)) if lines > 1 else None,
        "placeholder": NOTHING,
    }


def _usual_length(texts: pd.Series) -> int:
    """The length that nine sentences in ten keep to: all lines are as high, and one long sentence
    must not push the others off the page. Up to ten, all are shown whole.
    """
    lengths = sorted(len(text) for text in texts.head(_MEASURED))
    return lengths[(len(lengths) * 9 - 1) // 10 if len(lengths) > 10 else -1]


def texts_of(reading: Reading, rows: pd.DataFrame, column: Column) -> pd.Series:
    """Return the values of a column as people read them."""
    if column.written:
        return rows[column.written].reset_index(drop=True).astype(object)
    if column.format.kind == "line":
        return pd.Series([""] * len(rows), dtype=object)
    write = column.format.write
    texts = [write(reading.language, value) for value in rows[column.name]]
    return pd.Series(texts, dtype=object)


def _needed(column: Column, texts: pd.Series) -> int:
    """The width at which the longest text and the heading stand on one line."""
    if column.format.kind == "line":
        return 110
    longest = max((len(text) for text in texts.head(_MEASURED)), default=0)
    return int(max(_room(longest), _room(len(column.label)) + _SIGNS) + _EDGES)


def _room(letters: int) -> float:
    return _LETTER * min(letters, _FEW) + _MORE * max(0, letters - _FEW)


def _width(column: Column, texts: pd.Series, is_wrapped: bool) -> int:
    return min(max(_needed(column, texts), _LEAST), _SENTENCE if is_wrapped else _MOST)


def _setting(reading: Reading, column: Column, width: int):
    kind = column.format.kind
    options = {"help": help_of(reading, column.definition, column.reference), "width": width}
    if kind == "day":
        return st.column_config.DateColumn(format="DD/MM/YYYY", **options)
    if kind == "moment":
        return st.column_config.DatetimeColumn(format="DD/MM/YYYY HH:mm", **options)
    if kind == "line":
        return st.column_config.LineChartColumn(color=BLUE, **options)
    if column.format.is_number:
        return st.column_config.NumberColumn(alignment="right", **options)
    return st.column_config.TextColumn(**options)


class _Written(float):
    """A number that is sorted as one and read as a text of its own."""

    def __new__(cls, number: float, text: str) -> "_Written":
        one = super().__new__(cls, number)
        one.text = text
        return one


def _styled(reading: Reading, frame: pd.DataFrame, columns: Sequence[Column], shade) -> object:
    """Numbers sort as numbers and are read as the language writes them."""
    numbers = [column for column in columns if column.format.is_number]
    styler = frame.style.format(
        {
            column.label: attrgetter("text")
            if column.written
            else partial(column.format.write, reading.language)
            for column in numbers
        }
    )
    if shade:
        label, colours = shade
        # The colours are light: their text is dark whatever the page is.
        paint = [f"background-color: {colour}; color: #080D12" for colour in colours]
        styler = styler.apply(lambda _: paint, subset=[label])
    return styler
