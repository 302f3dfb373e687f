"""An explanation for people on a terminal.

Belongs here: headings, tables, sums, where rich draws them. Does not belong here: words (words.py),
what is told (the kinds).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from explain.model import Explanation, Facts, Note, Part, Rows, Steps
from explain.words import Words

#: Of longer tables the rest is counted; `--json` has every row.
MOST_ROWS = 20
#: As much of a word as stands on a line where there is no room for all of it.
_SHORT = 8


def as_text(explanation: Explanation, words: Words, width: int = 120, color: bool = False) -> str:
    """The whole text, lines of at most `width` characters."""
    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=color, highlight=False, emoji=False, soft_wrap=False
    )
    kind = words.say(f"kind.{explanation.kind}")
    on = words.value("", "", explanation.business_date)
    release = {"release": explanation.release_id, "date": on}
    console.print(f"[bold]{escape(f'{kind} {explanation.id}')}[/bold]")
    console.print(escape(words.say("of_release", **release)))
    for section in explanation.sections:
        console.print()
        console.print(f"[bold]{escape(words.say(f'section.{section.key}'))}[/bold]")
        for part in section.parts:
            _draw(console, words, part)
    # Cells are padded to their columns: a line ends with its last word.
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _draw(console: Console, words: Words, part: Part) -> None:
    if isinstance(part, Facts):
        _facts(console, words, part)
    elif isinstance(part, Rows):
        _rows(console, words, part)
    elif isinstance(part, Note):
        said = {name: words.value("", name, value) for name, value in part.values.items()}
        console.print(escape(words.say(f"note.{part.key}", **said)))
    elif isinstance(part, Steps):
        _steps(console, words, part)
    else:
        console.print(escape(words.equation(part)))


def _facts(console: Console, words: Words, part: Facts) -> None:
    table = Table.grid(padding=(0, 2))
    for column in part.row:
        name = words.column(part.table, column)
        table.add_row(f"  {escape(name)}", escape(words.cell(part, part.row, column)))
    console.print(table)


def _rows(console: Console, words: Words, part: Rows) -> None:
    if not part.rows:
        return
    console.print(f"[italic]{escape(words.say(f'heading.{part.key}'))}[/italic]")
    table = Table(box=None)
    columns = [
        name
        for name in dict.fromkeys(name for row in part.rows for name in row)
        if any(row.get(name) is not None for row in part.rows)
    ]
    heads = [words.column(part.table, name) for name in columns]
    rows = [[words.cell(part, row, name) for name in columns] for row in part.rows[:MOST_ROWS]]
    widths = _widths([heads, *rows], console.width)
    for column, head, width in zip(columns, heads, widths, strict=True):
        is_number = any(not isinstance(row.get(column), (str, type(None))) for row in part.rows)
        justify = "right" if is_number and not column.endswith("_date") else "left"
        table.add_column(escape(head), justify=justify, overflow="fold", width=width)
    for row in rows:
        table.add_row(*map(escape, row))
    console.print(table)
    if len(part.rows) > MOST_ROWS:
        console.print(escape(words.say("more_rows", rows=len(part.rows) - MOST_ROWS)))


def _widths(lines: Sequence[Sequence[str]], room: int) -> list[int]:
    """How wide each column is, so that lines break between words: the widest gives way first, none
    below its longest word. Where even the words have no room, a word gives way; what holds a digit
    (an identifier, an amount, a date) stays whole as long as a word is longer than `_SHORT`.
    """
    cells = list(zip(*lines, strict=True))
    widths = [max(map(len, column)) for column in cells]
    longest = [[len(word) for cell in column for word in cell.split(" ")] for column in cells]
    whole = [
        [len(word) for cell in column for word in cell.split(" ") if re.search(r"\d", word)]
        for column in cells
    ]
    least = [max(lengths) for lengths in longest]
    kept = [max([_SHORT, *lengths]) for lengths in whole]
    room -= 2 * len(widths)
    for floor in (least, kept, [1] * len(widths)):
        while sum(widths) > room:
            _, widest = max((width - low, place) for place, (width, low) in enumerate(
                zip(widths, floor, strict=True)))  # fmt: skip
            if widths[widest] <= floor[widest]:
                break
            widths[widest] -= 1
    return widths


def _steps(console: Console, words: Words, part: Steps) -> None:
    console.print(f"[italic]{escape(words.say('heading.law'))}[/italic]")
    table = Table(box=None)
    table.add_column(words.say("column.step"), overflow="fold")
    table.add_column(words.say("column.figure"), justify="right")
    for text, value in part.steps:
        table.add_row(escape(text), escape(words.step(value)))
    console.print(table)
    console.print(escape(words.say("articles", articles="; ".join(part.articles))))
    console.print(escape(words.say(f"certainty.{part.certainty}")))
