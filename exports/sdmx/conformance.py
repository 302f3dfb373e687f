"""Whether data conform to their structure: our own check, of the rows about to be written and of
those of a package that came back.

Belongs here: components, keys, codes, values. Does not belong here: reading files (reading.py), the
figures themselves. The check of the library that writes lets a measure of another name and an
unknown code pass.
"""

import pandas as pd
from pysdmx.model import Component, Components, Role

from exports.signs import SHOWN
from exports.texts import text

_NUMBER = r"-?[0-9]+(\.[0-9]+)?"
_PERIOD = r"[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?"
_SOME = 3


def faults(rows: pd.DataFrame, components: Components, lang: str) -> list[str]:
    """Return what is wrong with the rows of a dataset, one sentence each; nothing if they conform.

    `rows`: texts, empty or null where there is none; a column for each component of an observation
    (those attached to the dataset may be there or not).
    """
    found = [*_columns(rows, components, lang)]
    if found:
        return found
    for component in components:
        if component.id in rows.columns:
            found += _values(rows[component.id].fillna(""), component, lang)
    keys = [one.id for one in components if one.role == Role.DIMENSION]
    twice = rows[rows.duplicated(keys, keep="first")]
    if len(twice):
        key = ", ".join(f"{name}={twice.iloc[0][name]}" for name in keys)
        found.append(text("sdmx_twice", lang, count=len(twice), cell=key))
    return found + _shown(rows, components, lang)


def _columns(rows: pd.DataFrame, components: Components, lang: str) -> list[str]:
    known = [one.id for one in components]
    needed = [one.id for one in components if one.attachment_level != "D"]
    missing = [name for name in needed if name not in rows.columns]
    more = [name for name in rows.columns if name not in known]
    found = [text("sdmx_missing", lang, names=", ".join(missing))] if missing else []
    return found + ([text("sdmx_unknown", lang, names=", ".join(more))] if more else [])


def _values(values: pd.Series, component: Component, lang: str) -> list[str]:
    """The rules for one column: filled, a code of its list, a number, a period."""
    found = []
    filled = values[values != ""]
    # SDMX 3.0 has no way to say of a measure that it must be there: `_shown` says when.
    if component.required and component.role != Role.MEASURE and len(filled) < len(values):
        empty = len(values) - len(filled)
        found.append(text("sdmx_empty", lang, name=component.id, count=empty))
    if component.local_codes is not None:
        wrong = filled[~filled.isin({code.id for code in component.local_codes})]
        key, where = "sdmx_code", component.local_codes.id
    elif component.id == "TIME_PERIOD":
        wrong = filled[~filled.str.fullmatch(_PERIOD)]
        key, where = "sdmx_value", component.id
    elif component.dtype in ("Decimal", "Integer"):
        wrong = filled[~filled.str.fullmatch(_NUMBER)]
        key, where = "sdmx_value", component.id
    else:
        return found
    if len(wrong):
        some = ", ".join(list(dict.fromkeys(wrong))[:_SOME])
        found.append(text(key, lang, name=component.id, where=where, some=some, count=len(wrong)))
    return found


def _shown(rows: pd.DataFrame, components: Components, lang: str) -> list[str]:
    """A value is there exactly where its status says so."""
    measures = [one.id for one in components if one.role == Role.MEASURE]
    is_shown = rows["OBS_STATUS"] == SHOWN
    wrong = sum(int(((rows[name].fillna("") != "") != is_shown).sum()) for name in measures)
    return [text("sdmx_shown", lang, count=wrong)] if wrong else []
