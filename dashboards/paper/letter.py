"""The board's letter: one page about a quarter.

Belongs here: what stands in it. Does not belong here: the figures (sections/board), the layout
(page.typ), the command (orchestration).
"""

from dashboards import sheet
from dashboards.access.person import everybody
from dashboards.i18n import Language
from dashboards.paper.document import page_pdf
from dashboards.sections import board_view, signals
from dashboards.sections.board import board, last_whole
from dashboards.source import Reading
from release.reader import Release

#: More promises than these do not fit on one page; the page of the service commitment has them all.
_PROMISES = 12


class NoLetter(ValueError):
    """There is nothing to write about a quarter; the text is the key of a sentence (i18n)."""


def letter(release: Release, quarter: str, lang: str) -> bytes:
    """Return the letter about a quarter (2026Q3) as a PDF.

    Raises:
        NoLetter: the quarter is not over in the data, or nothing fell due in it.
    """
    reading = Reading(release, Language(lang), person=everybody())
    if quarter > last_whole(release.business_date):
        raise NoLetter("letter_running")
    found = board(reading, quarter)
    if not found.claimed.now:
        raise NoLetter("letter_nothing")
    named = reading.language.quarter(quarter)
    return page_pdf(
        reading,
        [
            sheet.Heading(1, reading.text("letter_title", quarter=named)),
            sheet.Paragraph(reading.text("letter_intro")),
            sheet.Figures(tuple(board_view.shown(reading, found))),
            *(sheet.Paragraph(said) for said in board_view.sentences(reading, found)),
            *_promises(reading, quarter),
        ],
    )


def _promises(reading: Reading, quarter: str) -> list:
    rows, columns = signals.promise_rows(reading, quarter, [quarter])
    missed = rows[rows["is_missed"]]
    key = "letter_promises" if len(missed) else "home_promises_kept"
    named = reading.language.quarter(quarter)
    told = reading.text(key, quarter=named, missed=reading.language.number(len(missed)))
    items: list = [
        sheet.Heading(2, reading.text("home_promises")),
        sheet.Paragraph(told),
    ]
    if len(missed):
        kept = [column for column in columns if column.name != "quarter"]
        items.append(sheet.Table("letter_promises", missed.head(_PROMISES), tuple(kept)))
    if (more := len(missed) - _PROMISES) > 0:
        items.append(sheet.Paragraph(reading.language.counted("letter_more", more), "note"))
    return items
