"""Fields of the forms of the desk: what a request says, and what exactly is meant by it.

Belongs here: the widgets, and what they give. Does not belong here: whether what is typed means
something (exports.register says so in one sentence).
"""

from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from dashboards import typed
from dashboards.desk.listing import profile_name
from dashboards.i18n import LANGUAGES
from dashboards.source import Reading
from exports.catalogue import load_catalogue
from exports.profiles import profiles
from exports.register.reception import Arrival
from exports.register.request import Definition
from release.dictionary import read_dictionary

#: Days that a requester usually gives.
_USUAL_DAYS = 30
#: Whom nobody has thought of gets what everybody may have, as on the command line.
_USUAL_PROFILE = "public"
_FORM = "DD/MM/YYYY"


def arrival(reading: Reading, today: date, existing: dict[str, str]) -> Callable[[], Arrival]:
    """Ask what came in; gives what was typed once the form is sent."""
    text = reading.text
    left, right = st.columns(2, gap="medium")
    with left:
        requester = st.text_input(text("desk_requester"))
        contact = st.text_input(text("desk_contact"))
        basis = st.text_input(text("desk_basis"))
        received = st.date_input(text("desk_received"), today, format=_FORM)
        due = st.date_input(text("desk_due"), today + timedelta(days=_USUAL_DAYS), format=_FORM)
    with right:
        wording = st.text_area(text("desk_wording"), help=text("desk_wording_help"))
        meant = definition(reading, None, "arrive", existing)

    def given() -> Arrival:
        asked = meant()
        return Arrival(
            requester, contact, basis, wording, received, due, asked if asked.codes else None
        )

    return given


def definition(
    reading: Reading, known: Definition | None, key: str, existing: dict[str, str]
) -> Callable[[], Definition]:
    """Ask which statistics of those that exist, which period, for whom; `known` is what is meant so
    far.
    """
    text = reading.text
    usual = [code for code in known.codes if code in existing] if known else []
    chosen = st.multiselect(
        text("desk_tables"),
        list(existing),
        usual,
        format_func=existing.get,
        key=f"desk_codes_{key}",
        placeholder=text("desk_pick"),
        # It is said in English alone, and nobody asks for everything.
        select_all=False,
    )
    # The name of a recipient says what is protected: it needs the room.
    first, second, third = st.columns([1, 2, 1])
    period = first.text_input(
        text("desk_period"),
        typed.as_typed(known.period, reading.lang) if known else "",
        help=text("desk_period_help"),
        key=f"desk_period_{key}",
    )
    names = list(profiles())
    profile = second.selectbox(
        text("desk_profile"),
        names,
        names.index(known.profile if known else _USUAL_PROFILE),
        format_func=lambda name: profile_name(reading, name),
        key=f"desk_profile_{key}",
    )
    lang = third.selectbox(
        text("desk_language"),
        LANGUAGES,
        LANGUAGES.index(known.lang if known else reading.lang),
        format_func=lambda lang: text(f"desk_language_{lang}"),
        key=f"desk_lang_{key}",
    )
    return lambda: Definition(tuple(chosen), typed.period(period), profile, lang)


def statistics(reading: Reading) -> dict[str, str]:
    """Return the statistics of the release by code, each as it is chosen: code and title."""
    catalogue = load_catalogue(read_dictionary(reading.release))
    return {code: f"{code} {one.title(reading.lang)}" for code, one in catalogue.items()}
