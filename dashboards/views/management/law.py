"""The simulator: a question to the law, its answer step by step, and the same as a command.

Belongs here: the form and how the answer is shown. Does not belong here: any rule or figure of law
(the package `law` answers, with the macros that built this release).
"""

import re
import shlex
import threading
from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboards import figures, filters, grids, sheet, typed
from dashboards.figures import Column
from dashboards.source import Reading, current
from law import arguments
from law.answer import Answer
from law.arguments import Choice, Flag
from law.ask import ask_all
from law.engine import Engine
from law.errors import LawError
from law.questions import QUESTIONS
from law.texts import has, say

#: Lists of the release that name what a flag offers.
_LISTS = {"category": "category", "benefit": "benefit"}
#: What the form shows first: a question that has an answer.
_FIRST = {"year": "2026", "category": "main", "income": "40000"}


#: How values of a kind are typed; a year, a whole number and a name are taken as they stand.
_TYPED = {
    arguments.income: typed.number,
    arguments.money: typed.number,
    arguments.percent: typed.number,
    arguments.day: typed.day,
    arguments.quarter_text: typed.quarter,
    arguments.part: typed.payment,
}
_SHORT = re.compile(r"[\dTKQ ., €%=/+-]{1,30}", re.IGNORECASE)
_FLAG = re.compile(r"--[a-z][a-z-]+")
#: What the command line says of its options and forms, said of fields.
_FIELD_TEXTS = {
    "flag.missing": "law_field_missing",
    "value.money": "law_field_money",
    "value.percent": "law_field_percent",
    "value.date": "law_field_date",
    "value.quarter": "law_field_quarter",
    "value.part": "law_field_part",
}


@st.cache_resource(show_spinner=False)
def _engine() -> tuple[Engine, threading.Lock]:
    """One engine for all sessions; it serves one at a time."""
    return Engine(), threading.Lock()


def render(reading: Reading) -> None:
    """Draw the page."""
    names = {one: _capital(say(reading.lang, f"help.{one}")) for one in QUESTIONS}
    label = reading.text("law_question")
    name = filters.one_of("law_question", label, list(names), names, "contribution")
    with st.form(f"law_{name}", border=True):
        words = [name, *_fields(reading, name)]
        st.form_submit_button(reading.text("law_ask"))
    engine, lock = _engine()
    with lock:
        (outcome,) = ask_all([words], reading.lang, engine)
    if isinstance(outcome, LawError):
        reason = _refusal(reading, outcome)
        sheet.warning(reading.text("law_refused", reason=reason), icon=":material/help:")
    else:
        _show(reading, outcome)
    sheet.note(reading.text("law_command"))
    sheet.code(f"vigie law {shlex.join(words)}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _fields(reading: Reading, name: str) -> list[str]:
    """The fields of a question; returns the words of the command that they make."""
    words: list[str] = []
    columns = st.columns(3, gap="medium")
    for place, flag in enumerate(QUESTIONS[name].flags):
        with columns[place % 3]:
            words += _field(reading, name, flag)
    return words


def _field(reading: Reading, name: str, flag: Flag) -> list[str]:
    label = say(reading.lang, f"flag.{flag.name}")
    if not flag.required:
        label = reading.text("law_optional", name=label)
    key = f"law_{name}_{flag.name}"
    first = _FIRST.get(flag.name, "") if name in ("contribution", "threshold") else ""
    if flag.read is None:
        return [f"--{flag.name}"] if filters.yes_no(key, label) else []
    if isinstance(flag.read, Choice):
        options = ([] if flag.required else [""]) + list(flag.read.values)
        names = {code: _choice(reading, flag.name, code) for code in options}
        value = filters.one_of(key, label, options, names)
    else:
        if flag.required and flag.name == "year":
            first = _FIRST["year"]
        value = _read(flag)(filters.words(key, label, _is_short, usual=first))
    return [f"--{flag.name}", value] if value else []


def _is_short(text: str) -> bool:
    """Whether a text may come from an address: numbers, days and quarters, no sentence."""
    return bool(_SHORT.fullmatch(text))


def _read(flag: Flag) -> Callable[[str], str]:
    """How what is typed in a field is read."""
    return _TYPED.get(flag.read, str)


def _refusal(reading: Reading, error: LawError) -> str:
    """Why there is no answer, in the words of the form: names of fields, and how values are typed
    there."""
    values = {**error.values}
    if "flag" in values:
        values["flag"] = _named(reading, values["flag"])
    if error.key in _FIELD_TEXTS:
        shown = {"field": values["flag"], "value": values.get("value", "")}
        return reading.text(_FIELD_TEXTS[error.key], **shown)
    sentence = LawError(error.key, **values).sentence(reading.lang)
    return _FLAG.sub(lambda found: _named(reading, found[0]), sentence)


def _named(reading: Reading, flag: str) -> str:
    """The name of the field of a flag (--income), in the quotation marks of the language."""
    name = flag.removeprefix("--")
    label = say(reading.lang, f"flag.{name}") if has(f"flag.{name}") else name
    return reading.text("quoted", name=label)


def _choice(reading: Reading, flag: str, code: str) -> str:
    if not code:
        return reading.text("law_none")
    if flag in _LISTS:
        return reading.label(_LISTS[flag], code)
    return say(reading.lang, f"choice.{code}") if has(f"choice.{code}") else code


def _show(reading: Reading, answer: Answer) -> None:
    unit = say(reading.lang, f"unit.{answer.unit}")
    result = f"{answer.readable(answer.result)} {unit}".strip()
    articles = ", ".join(answer.articles)
    shown = [figures.Figure(reading.text("law_result"), result, "", reference=articles)]
    for name, value in answer.extra.items():
        if value is None or not has(f"field.{name}"):
            continue
        told = ", ".join(value) if isinstance(value, list) else answer.readable(value)
        told = say(reading.lang, f"size.{told}") if name == "size" else told
        label = say(reading.lang, f"field.{name}")
        shown.append(figures.Figure(label, told, "", reference=articles))
    figures.show_figures(reading, shown)
    certainty = say(reading.lang, f"people.certainty.{answer.certainty}")
    (sheet.warning if answer.certainty == "unsure" else sheet.note)(certainty)
    sheet.heading(reading.text("law_steps"))
    rows = pd.DataFrame(answer.steps, columns=["text", "value"])
    rows["value"] = rows["value"].map(answer.readable)
    columns = [
        Column("text", reading.text("law_step"), wide=True),
        Column("value", reading.text("law_value")),
    ]
    grids.show_table(reading, "law_steps", rows, columns)
    cited = " · ".join(answer.cited)
    sheet.paragraph(reading.text("one_value", name=reading.text("law_articles"), value=cited))


render(current())
