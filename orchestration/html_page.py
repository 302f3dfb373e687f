"""One page of HTML that stands alone: no script, no file beside it, readable by a screen reader, on
paper and in the dark.

Belongs here: the frame, headings and tables; every text is escaped. Does not belong here: what a
page says (check_view.py and diff_view.py of commands, contract_pages.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2rem; } h3 { font-size: 1.05rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0 1rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { border: 1px solid #767676; padding: .25rem .5rem; text-align: left; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.verdict { border-left: .4rem solid; padding: .5rem 1rem; font-weight: 600; }
a:focus, .scroll:focus { outline: 3px solid; outline-offset: 2px; }
@media print { body { max-width: none; } .scroll { overflow: visible; } }
"""


class Number(str):
    """A number as it is written: it is set right."""


def page(lang: str, title: str, parts: Iterable[str]) -> str:
    """The whole document; `parts` are HTML made by the functions below."""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n" + "\n".join(parts) + "\n</main>\n</body>\n</html>\n"
    )


def heading(text: str, level: int = 2, anchor: str = "") -> str:
    """A heading below the title."""
    named = f' id="{escape(anchor)}"' if anchor else ""
    return f"<h{level}{named}>{escape(text)}</h{level}>"


def paragraph(text: str, is_verdict: bool = False) -> str:
    """A sentence; a verdict is what the page is about, told first."""
    kind = ' class="verdict"' if is_verdict else ""
    return f"<p{kind}>{escape(text)}</p>"


def link(address: str, text: str) -> str:
    """A link to a page beside this one."""
    return f'<p><a href="{escape(address)}">{escape(text)}</a></p>'


def links(entries: Iterable[tuple[str, str]]) -> str:
    """A list of links: address, text."""
    items = "".join(f'<li><a href="{escape(to)}">{escape(text)}</a></li>' for to, text in entries)
    return f"<ul>{items}</ul>"


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; the first cell of a row is its head. A number is set right."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "\n".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _cells(row: Sequence[object]) -> str:
    first, *others = row
    return f'<th scope="row">{escape(str(first))}</th>' + "".join(
        f'<td class="number">{escape(str(one))}</td>'
        if isinstance(one, (int, Number)) and not isinstance(one, bool)
        else f"<td>{escape(str(one))}</td>"
        for one in others
    )
