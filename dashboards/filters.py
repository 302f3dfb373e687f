"""Filters shared by pages: they return values for a query, never data.

Belongs here: widgets whose choice becomes a value of a query. Does not belong here: SQL. A filter
keeps its choice in the session under the key it is given, whatever the language.
"""

from collections.abc import Callable

import streamlit as st

from dashboards.source import Reading


def side_by_side(*widgets: Callable[[], object]) -> list:
    """Draw filters in one frame, each in a column of its own; return what they return."""
    with st.container(border=True):
        chosen = []
        for column, widget in zip(st.columns(len(widgets), gap="medium"), widgets, strict=True):
            with column:
                chosen.append(widget())
    return chosen


def year_range(reading: Reading, key: str, years: list[int], shown: int = 5) -> tuple[int, int]:
    """Choose first and last year; the last `shown` ones to begin with. `years` is not empty."""
    if len(years) == 1:
        st.markdown(reading.text("one_value", name=reading.text("filter_years"), value=years[0]))
        return years[0], years[0]
    default = (years[max(0, len(years) - shown)], years[-1])
    chosen = st.session_state.get(key)
    if chosen and not set(chosen) <= set(years):
        # A new release may hold other years than the ones this session had chosen.
        del st.session_state[key]
    return st.select_slider(reading.text("filter_years"), years, default, key=key)


def codes(
    reading: Reading, key: str, label: str, list_name: str, available: list[str]
) -> list[str]:
    """Choose codes of a list; none chosen means all of them."""
    ordered = [code for code in reading.labels(list_name) if code in available]
    ordered += sorted(set(available) - set(ordered))
    kept = [code for code in st.session_state.get(key, []) if code in ordered]
    if key in st.session_state:
        st.session_state[key] = kept
    chosen = st.multiselect(
        label,
        ordered,
        format_func=lambda code: reading.label(list_name, code),
        placeholder=reading.text("all"),
        key=key,
    )
    return chosen or ordered


def step(reading: Reading, key: str) -> str:
    """Choose quarter or year."""
    options = ("quarter", "year")
    return st.segmented_control(
        reading.text("filter_step"),
        options,
        format_func=lambda option: reading.text(f"step_{option}"),
        default="quarter",
        required=True,
        key=key,
    )


def one_of_few(key: str, label: str, names: dict[str, str]) -> str:
    """Choose one of a few options, all of them in sight; the first to begin with."""
    if st.session_state.get(key) not in names:
        st.session_state[key] = next(iter(names))
    return st.segmented_control(
        label, list(names), format_func=lambda one: names.get(one, one), required=True, key=key
    )


def one_of(
    key: str, label: str, options: list[str], names: dict[str, str], default: str | None = None
) -> str:
    """Choose one of the options, shown by their names. `options` is not empty."""
    if st.session_state.get(key) not in options:
        # A new release may not hold what this session had chosen.
        st.session_state[key] = default if default in options else options[0]
    return st.selectbox(label, options, format_func=lambda code: names.get(code, code), key=key)


def period_range(
    reading: Reading, key: str, label: str, periods: list[str], shown: int = 12
) -> tuple[str, str]:
    """Choose first and last period (texts in order of time); the last `shown` to begin with."""
    if len(periods) == 1:
        st.markdown(reading.text("one_value", name=label, value=periods[0]))
        return periods[0], periods[0]
    chosen = st.session_state.get(key)
    if chosen and not set(chosen) <= set(periods):
        del st.session_state[key]
    default = (periods[max(0, len(periods) - shown)], periods[-1])
    return st.select_slider(label, periods, default, key=key)
