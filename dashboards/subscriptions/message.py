"""The message about a subscription: plain text that a screen reader reads, how to end it, a PDF
where a page was asked for.

Belongs here: its form. Does not belong here: what it says (content), the ways it goes
(orchestration/mail.py).
"""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import urlencode

from dashboards import sheet
from dashboards.formats import NOTHING
from dashboards.grids import texts_of
from dashboards.outside import plain
from dashboards.source import Reading
from dashboards.subscriptions.content import Content
from dashboards.subscriptions.subscription import Subscriber, Subscription

#: So many lines of a list are written; the page has them all.
LINES = 40
#: To whom a message is addressed that leaves this machine by no way (the demonstration).
_NOBODY = "demonstration@vigie.invalid"


def message(
    reading: Reading, person: Subscriber, one: Subscription, content: Content, *, base: str,
    sender: str, moment: str,
) -> EmailMessage:  # fmt: skip
    """Return the message. `base`: the address of the pages; `moment`: now, as a header says it.

    Its identifier is made of the release and the subscription: the same message sent twice is
    known as one by whoever keeps mail.
    """
    made = EmailMessage()
    made["Subject"] = one_line(f"Vigie – {content.title}")
    made["From"] = sender
    made["To"] = Address(addr_spec=person.mail or _NOBODY)
    made["Date"] = moment
    made["Message-ID"] = f"<{reading.release.id}.{one.number}@vigie.invalid>"
    ends = end_link(base, reading.lang, one)
    made["List-Unsubscribe"] = f"<{ends}>"
    made["Auto-Submitted"] = "auto-generated"
    # In seven bits: not every server between here and there takes more.
    made.set_content(text(reading, content, base, ends), cte="quoted-printable")
    made["Content-Language"] = reading.lang
    if content.attached:
        made.add_attachment(
            content.attached, maintype="application", subtype="pdf", filename=content.file
        )
    return made


def text(reading: Reading, content: Content, base: str, ends: str) -> str:
    """Return what the message says."""
    day = reading.language.day(reading.release.business_date)
    parts = [
        plain(content.sentence),
        *([_lines(reading, content.table)] if content.table else []),
        plain(str(reading.text("notices_where"))) + "\n" + link(base, reading.lang, content),
        plain(str(reading.text("notices_of", date=day, release=reading.release.id))),
        plain(str(reading.text("notices_end"))) + "\n" + ends,
    ]
    return "\n\n".join(parts) + "\n"


def link(base: str, lang: str, content: Content) -> str:
    """Return the address of what a message is about."""
    return f"{base}/{content.page}?{urlencode({'lang': lang, **content.address}, doseq=True)}"


def end_link(base: str, lang: str, one: Subscription) -> str:
    """Return the address that ends a subscription; it asks for a login, and for a click."""
    return f"{base}/notices?{urlencode({'lang': lang, 'end': one.token})}"


def one_line(title: str) -> str:
    """Return a text that a header may hold: one line, without the marks of Markdown."""
    return " ".join(plain(title).split())


def _lines(reading: Reading, table: sheet.Table) -> str:
    """Each line of a list as one paragraph: "label: value" after each other, as ears read it."""
    rows = table.rows.head(LINES)
    colon = "\u00a0: " if reading.lang == "fr" else ": "
    labels = [plain(column.label) for column in table.columns]
    cells = [texts_of(reading, rows, column) for column in table.columns]
    said = []
    for number, values in enumerate(zip(*cells, strict=True), start=1):
        pairs = [f"{label}{colon}{value}" for label, value in zip(labels, values, strict=True)
                 if value not in ("", NOTHING)]  # fmt: skip
        said.append(f"{number}. {' · '.join(pairs)}")
    if (more := len(table.rows) - len(rows)) > 0:
        said.append(plain(str(reading.language.counted("notices_more", more))))
    return "\n".join(said)
