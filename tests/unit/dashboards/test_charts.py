"""Kinds of charts as drawings: whole, checked, made once."""

import altair as alt
import pandas as pd
import pytest

from dashboards import charts

_ROWS = pd.DataFrame({"quarter": ["2026Q1", "2026Q2"], "paid": [10.0, 20.0], "due": [1.0, 2.0]})
_NAMED = {"x": "quarter", "x_title": "Trimestre", "y_title": "Montant"}


def bars(rows: pd.DataFrame, first: str = "Perçu") -> charts.Drawing:
    parts = {"paid": (first, charts.BLUE), "due": ("Dû", charts.GREY)}
    return charts.stacked_columns(rows, parts=parts, **_NAMED)


def values(drawing: charts.Drawing) -> list[tuple]:
    (rows,) = drawing["datasets"].values()
    return sorted((row["quarter"], row["part"], row["value"]) for row in rows)


def test_a_drawing_carries_its_rows_and_its_words():
    assert values(bars(_ROWS)) == [
        ("2026Q1", "Dû", 1.0),
        ("2026Q1", "Perçu", 10.0),
        ("2026Q2", "Dû", 2.0),
        ("2026Q2", "Perçu", 20.0),
    ]
    assert values(bars(_ROWS, "Geïnd"))[1] == ("2026Q1", "Geïnd", 10.0)


def test_other_rows_are_another_drawing():
    """What is kept is given to those alone who bring the same rows in the same words."""
    first = bars(_ROWS)
    second = bars(_ROWS.assign(paid=[10.0, 20.01]))
    assert (values(first)[-1], values(second)[-1]) == (
        ("2026Q2", "Perçu", 20.0),
        ("2026Q2", "Perçu", 20.01),
    )
    assert values(bars(_ROWS)) == values(first)


def test_two_kinds_with_the_same_words_are_two_drawings():
    named = {"x": "quarter", "x_title": "T", "y": "paid", "y_title": "M", "order": ["2026Q1"]}
    line = charts.series_lines(_ROWS.assign(s="a"), series="s", format=",.0f", **named)
    single = charts.value_line(
        _ROWS.assign(s=False), hollow="s", format=",.0f", target=None, target_label="", **named
    )
    assert line != single


def test_a_drawing_is_made_once(monkeypatch):
    bars(_ROWS)
    monkeypatch.setattr(alt, "Chart", None)
    assert values(bars(_ROWS))


def test_a_chart_that_is_none_is_not_drawn():
    """A drawing is checked whole when it is made."""

    @charts.drawn_once
    def wrong(rows: pd.DataFrame) -> alt.Chart:
        return alt.Chart(rows).mark_bar().encode(x=alt.X("quarter:N", sort=object()))

    with pytest.raises(Exception, match="sort"):
        wrong(_ROWS)
