"""How one charge or payment of an account came about: what `vigie explain` tells, as far as who
looks may see it.

Belongs here: the choice, and how an explanation is drawn on a page. Does not belong here: what is
told (explain), the lines of the deliveries, which no page opens.
"""

from datetime import date
from decimal import Decimal

import pandas as pd

from dashboards import charges, filters, grids, sheet
from dashboards.explained import ReadingSource, titles
from dashboards.figures import Column
from dashboards.formats import DAY, EUROS, TEXT, Format
from dashboards.outside import Markdown, escaped
from dashboards.source import Reading
from explain.kinds import explain
from explain.model import Equation, Facts, Note, Part, Rows
from explain.words import Words

_NONE = "none"
Data = dict[str, pd.DataFrame]


def show(reading: Reading, data: Data) -> None:
    """Ask which one, and tell how it came about."""
    options = _options(reading, data)
    if len(options) == 1:
        return
    sheet.heading(reading.text("explained_heading"), level=3)
    key, label = f"{reading.page}_explained", reading.text("explained_choice")
    chosen = filters.one_of(key, label, list(options), options)
    sheet.note(reading.text("explained_help"))
    if chosen != _NONE:
        kind, _, given = chosen.partition("-")
        _tell(reading, kind, given)


def _options(reading: Reading, data: Data) -> dict[str, str]:
    """The charges and payments of the account in words, by kind and id; none first."""
    rows, money, language = data["charges"], data["payments"], reading.language
    named = zip(rows["charge_id"], charges.in_words(reading, rows), strict=True)
    paid = zip(money["payment_id"], money["value_date"], money["amount"], strict=True)
    return {
        _NONE: reading.text("explained_none"),
        **{f"charge-{one}": f"{name} · {one}" for one, name in named},
        **{
            f"payment-{one}": f"{language.day(day)}, {language.euros(amount)} · {one}"
            for one, day, amount in paid
        },
    }


def _tell(reading: Reading, kind: str, given: str) -> None:
    source = ReadingSource(reading)
    told = explain(source, kind, given, reading.lang)
    words = Words(source, told, reading.lang, titles(reading.lang))
    for section in told.sections:
        sheet.paragraph(Markdown(f"**{escaped(words.say(f'section.{section.key}'))}**"))
        for place, part in enumerate(section.parts):
            _draw(reading, words, f"explained_{section.key}_{place}", part)


def _draw(reading: Reading, words: Words, key: str, part: Part) -> None:
    if isinstance(part, Facts):
        rows = [
            (words.column(part.table, one), words.cell(part, part.row, one)) for one in part.row
        ]
        _table(reading, key, pd.DataFrame(rows, columns=["name", "value"]), words)
    elif isinstance(part, Rows):
        sheet.note(escaped(words.say(f"heading.{part.key}")))
        _rows(reading, words, key, part)
    elif isinstance(part, Note):
        said = {name: words.value("", name, value) for name, value in part.values.items()}
        sheet.paragraph(escaped(words.say(f"note.{part.key}", **said)))
    elif isinstance(part, Equation):
        sheet.paragraph(escaped(words.equation(part)))
    else:
        steps = [(text, words.step(value)) for text, value in part.steps]
        sheet.note(escaped(words.say("heading.law")))
        _table(reading, key, pd.DataFrame(steps, columns=["step", "figure"]), words)
        cited = words.say("articles", articles="; ".join(part.articles))
        sheet.note(escaped(f"{cited}. {words.say(f'certainty.{part.certainty}')}"))


def _table(reading: Reading, key: str, rows: pd.DataFrame, words: Words) -> None:
    columns = [Column(name, words.column("", name), wide=True) for name in rows]
    grids.show_table(reading, key, rows, columns, is_whole=True)


def _rows(reading: Reading, words: Words, key: str, part: Rows) -> None:
    """Days and amounts stay days and amounts, so that a column sorts as what it is."""
    if not part.rows:
        return
    names = [name for name in part.rows[0] if any(row[name] is not None for row in part.rows)]
    forms = {name: _form([row[name] for row in part.rows], name) for name in names}
    shown = {
        name: [
            _kept(row[name]) if forms[name] != TEXT else words.cell(part, row, name)
            for row in part.rows
        ]
        for name in names
    }
    columns = [Column(name, words.column(part.table, name), "", forms[name]) for name in names]
    grids.show_table(reading, key, pd.DataFrame(shown), columns)


def _form(values: list, name: str) -> Format:
    kept = [value for value in values if value is not None]
    if all(isinstance(value, date) for value in kept):
        return DAY
    is_money = "amount" in name and all(isinstance(value, Decimal) for value in kept)
    return EUROS if is_money else TEXT


def _kept(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value
