"""Filters shared by pages: they return values for a query, never data.

Belongs here: widgets whose choice becomes a value of a query. Does not belong here: SQL, the
address (address). A filter keeps its choice in the session under the key it is given
(`<page>_<name>`), whatever the language and the page that is looked at meanwhile, and in the
address under its name.
"""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from dashboards import address, sheet
from dashboards.source import Reading

_SESSION = "session"


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
    return period_range(reading, key, reading.text("filter_years"), years, shown)


def period_range(
    reading: Reading, key: str, label: str, periods: Sequence, shown: int = 12
) -> tuple:
    """Choose first and last period, in order of time; the last `shown` to begin with. `periods` is
    not empty."""
    if len(periods) == 1:
        st.markdown(reading.text("one_value", name=label, value=periods[0]))
        return periods[0], periods[0]
    address.take(key, address.ends_of(periods))
    chosen = st.session_state.get(key)
    if chosen and not set(chosen) <= set(periods):
        # A new release may hold other periods than the ones this session had chosen.
        del st.session_state[key]
    usual = (periods[max(0, len(periods) - shown)], periods[-1])
    found = st.select_slider(label, periods, usual, key=key, persist_state=_SESSION)
    address.write(key, found, usual)
    _remember(label, *found)
    return found


def codes(
    reading: Reading, key: str, label: str, list_name: str, available: list[str]
) -> list[str]:
    """Choose codes of a list; none chosen means all of them."""
    ordered = [code for code in reading.labels(list_name) if code in available]
    ordered += sorted(set(available) - set(ordered))
    return several(
        key, label, {code: reading.label(list_name, code) for code in ordered}, reading.text("all")
    )


def several(
    key: str,
    label: str,
    names: dict[str, str],
    placeholder: str,
    usual: list[str] | None = None,
    most: int | None = None,
) -> list[str]:
    """Choose some of the options, at `most` so many, shown by their names; none chosen means the
    `usual` ones, or all of them."""
    address.take(key, address.some_of(names))
    if key in st.session_state:
        st.session_state[key] = [code for code in st.session_state[key] if code in names]
    chosen = st.multiselect(
        label,
        list(names),
        format_func=lambda code: names.get(code, code),
        placeholder=placeholder,
        max_selections=most,
        # It is said in English alone; none chosen means all.
        select_all=False,
        key=key,
        persist_state=_SESSION,
    )
    address.write(key, chosen, [])
    _remember(label, *([names[code] for code in chosen] or [placeholder]))
    return chosen or usual or list(names)


def step(reading: Reading, key: str) -> str:
    """Choose quarter or year."""
    names = {option: reading.text(f"step_{option}") for option in ("quarter", "year")}
    return one_of_few(key, reading.text("filter_step"), names)


def one_of_few(key: str, label: str, names: dict[str, str]) -> str:
    """Choose one of a few options, all of them in sight; the first to begin with."""
    usual = _usual(key, list(names), None)
    chosen = st.segmented_control(
        label,
        list(names),
        format_func=lambda one: names.get(one, one),
        required=True,
        key=key,
        persist_state=_SESSION,
    )
    address.write(key, chosen, usual)
    _remember(label, names.get(chosen, chosen))
    return chosen


def one_of(
    key: str, label: str, options: list[str], names: dict[str, str], default: str | None = None
) -> str:
    """Choose one of the options, shown by their names. `options` is not empty."""
    usual = _usual(key, options, default)
    chosen = st.selectbox(
        label,
        options,
        format_func=lambda code: names.get(code, code),
        key=key,
        persist_state=_SESSION,
    )
    address.write(key, chosen, usual)
    _remember(label, names.get(chosen, chosen))
    return chosen


def yes_no(key: str, label: str, usual: bool = False, help: str | None = None) -> bool:
    """Choose yes or no."""
    address.take(key, address.flag)
    st.session_state.setdefault(key, usual)
    chosen = st.toggle(label, key=key, help=help, persist_state=_SESSION)
    address.write(key, chosen, usual)
    _remember(label, "✔" if chosen else "✘")
    return chosen


def words(
    key: str,
    label: str,
    form: Callable[[str], bool],
    placeholder: str = "",
    help: str | None = None,
    usual: str = "",
) -> str:
    """Ask for a text. What an address says is shown only where it has the `form` asked for: a
    stranger must not be able to write on our pages by a link (finding C2)."""
    address.take(key, lambda texts: texts[-1] if form(texts[-1]) else None)
    st.session_state.setdefault(key, usual)
    asked = st.text_input(
        label, key=key, placeholder=placeholder, help=help, persist_state=_SESSION
    ).strip()
    address.write(key, asked if form(asked) else "", usual)
    if asked:
        _remember(label, asked)
    return asked


def days(reading: Reading, key: str, label: str, first: date, last: date) -> tuple[date, date]:
    """Choose a first and a last day; `first` and `last` to begin with."""
    address.take(key, _two_days)
    st.session_state.setdefault(key, (first, last))
    chosen = st.date_input(label, key=key, format="DD/MM/YYYY", persist_state=_SESSION)
    # While a reader has chosen the first day alone it is both.
    found = (chosen[0], chosen[-1]) if chosen else (first, last)
    address.write(key, found, (first, last))
    _remember(label, *(reading.language.day(day) for day in found))
    return found


def _two_days(texts: list[str]) -> tuple[date, date] | None:
    try:
        first, last = (date.fromisoformat(text) for text in texts)
    except ValueError:
        return None
    return (first, last) if first <= last else None


def tab(key: str, names: dict[str, str]) -> dict[str, object]:
    """Draw tabs; returns the place of each, by its code. The one that is open is in the address."""
    usual = _usual(key, list(names), None)
    by_label = {label: code for code, label in names.items()}
    opened = names[st.session_state[key]]
    widget = f"{key}_tabs"
    places = st.tabs(list(names.values()), default=opened, key=widget, on_change="rerun")
    chosen = by_label.get(st.session_state.get(widget), usual)
    st.session_state[key] = chosen
    address.write(key, chosen, usual)
    return dict(zip(names, places, strict=True))


def _remember(label: str, *values: object) -> None:
    """Tell the sheet what was chosen, in words."""
    sheet.remember(sheet.Choice(label, ", ".join(str(value) for value in dict.fromkeys(values))))


def _usual(key: str, options: list[str], default: str | None) -> str:
    """Put what the address or the usual choice says into the session; returns the usual one."""
    usual = default if default in options else options[0]
    address.take(key, address.one_of(options))
    if st.session_state.get(key) not in options:
        # A new release may not hold what this session had chosen.
        st.session_state[key] = usual
    return usual
