"""The document of a page: everything that its sheet remembers, in reading order, then what each
figure means.

Belongs here: which item becomes which piece of the document. Does not belong here: its layout
(page.typ), drawings (drawing).
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import typst

from dashboards import clock, figures, sheet
from dashboards.figures import Column
from dashboards.grids import texts_of
from dashboards.outside import plain
from dashboards.paper.drawing import drawn
from dashboards.source import Reading

_TEMPLATE = Path(__file__).parent / "page.typ"
_STANDARD = "ua-1"
#: So many lines of a table are printed; a download holds them all.
LINES = 40
_ICONS = re.compile(r":material/\w+:\s*")
#: A link of ours; the bracket of a text from outside is escaped. Paper leads nowhere.
_LINK = re.compile(r"(?<!\\)\[([^\[\]]+)\]\([^()\s]*\)")
#: Names that no line of a narrow column holds.
_LONG_NAME = re.compile(r"\b[a-z]\w+\.[a-z][\w.]{10,}\b")


def page_pdf(reading: Reading, items: list, lines: int | None = LINES) -> bytes:
    """Return what a page showed as a PDF. `items`: what the sheet remembers (sheet.shown); `lines`:
    so many of each table at most (None: all).
    """
    said = json.dumps(facts(reading, items, lines), ensure_ascii=False)
    return typst.compile(
        _TEMPLATE,
        format="pdf",
        sys_inputs={"said": said},
        pdf_standards=[_STANDARD],
        # Only the fonts that come with it: the same page on every machine.
        ignore_system_fonts=True,
    )


def facts(reading: Reading, items: list, lines: int | None = LINES) -> dict:
    """Return all that the document says, in the language of the page."""
    language, release = reading.language, reading.release
    title = next(item.text for item in items if isinstance(item, sheet.Heading) and item.level == 1)
    day = clock.today()
    return {
        "lang": reading.lang,
        "title": _bare(title),
        "author": reading.text("paper_author"),
        "subtitle": reading.text(
            "paper_release",
            date=language.day(release.business_date),
            release=release.id,
            printed=language.day(day),
        ),
        "footer": f"{_bare(title)} · {release.id}",
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "choices": [[_bare(i.label), _bare(i.value)] for i in items if isinstance(i, sheet.Choice)],
        "choices_title": reading.text("paper_choices"),
        "pieces": [piece for item in items for piece in _pieces(reading, item, lines)],
        "meanings": _meanings(reading, items),
        "meanings_title": reading.text("paper_meanings"),
    }


def _pieces(reading: Reading, item: object, lines: int | None) -> Iterable[dict]:
    """The pieces of one item; title and choices stand at the head."""
    if isinstance(item, sheet.Heading) and item.level > 1:
        yield {"kind": "heading", "level": item.level - 1, "said": _bare(item.text)}
    elif isinstance(item, sheet.Paragraph):
        yield {"kind": item.kind, "said": _bare(item.text)}
    elif isinstance(item, sheet.Figures):
        yield {
            "kind": "figures",
            "figures": [
                [_bare(f.label), f.value, [_bare(line) for line in (f.beside, *f.compared) if line]]
                for f in item.figures
            ],
        }
    elif isinstance(item, sheet.Exhibit):
        said = _bare(item.sentence)
        yield {"kind": "sentence", "said": said}
        yield {"kind": "drawing", "svg": drawn(reading, item.chart), "said": said}
        if item.note:
            yield {"kind": "note", "said": _bare(item.note)}
        yield _table(reading, item, lines)
    elif isinstance(item, sheet.Table):
        yield _table(reading, item, lines)


def _table(reading: Reading, item: sheet.Exhibit | sheet.Table, lines: int | None) -> dict:
    columns = [column for column in item.columns if column.format.kind != "line"]
    rows = item.rows if lines is None else item.rows.head(lines)
    texts = [[_broken(str(text)) for text in texts_of(reading, rows, column)] for column in columns]
    more = len(item.rows) - len(rows)
    return {
        "kind": "table",
        "head": [_bare(column.label) for column in columns],
        "rows": [list(row) for row in zip(*texts, strict=True)],
        "right": [n for n, column in enumerate(columns) if column.format.is_number],
        "wide": [n for n, column in enumerate(columns) if column.wide],
        "more": reading.language.counted("paper_more", more) if more else "",
    }


def _meanings(reading: Reading, items: list) -> list[list[str]]:
    """What each figure and column means, once, with what defines it."""
    found: dict[str, str] = {}
    for item in items:
        shown = getattr(item, "figures", None) or getattr(item, "columns", ())
        for one in shown:
            said = [_bare(one.definition), figures.defined_by(reading, one.reference)]
            if isinstance(one, Column) and not one.definition:
                continue
            found.setdefault(_bare(one.label), " ".join(filter(None, map(_bare, said))))
    return [[label, said] for label, said in found.items() if said]


def _broken(text: str) -> str:
    """A text whose long technical names (`schema.table.column`) may be broken over lines."""
    return _LONG_NAME.sub(lambda name: re.sub(r"([._])", "\\1\u200b", name.group()), text)


def _bare(text: str) -> str:
    """A text without its marks: paper shows no Markdown."""
    return _ICONS.sub("", plain(_LINK.sub(r"\1", str(text)))).strip()
