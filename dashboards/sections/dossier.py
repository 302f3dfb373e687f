"""The dossier of one account for the lawyer, as of the day of the release that is read: what is
owed and why, every line of it.

Belongs here: what stands in it, the button that offers it. Does not belong here: the page of the
account, which shows notes of agents, what is to be done and what a payment would do: none of that
leaves the house. Another day is another release (« Version »; `vigie run --as-of` makes one).
"""

from collections.abc import Callable

from dashboards import downloads, sheet
from dashboards.figures import Figure
from dashboards.paper import document
from dashboards.source import Reading

#: The figures of an account, and its tables by name.
Told = tuple[list[Figure], dict[str, sheet.Table]]


def offer(reading: Reading, account: str, read: Callable[[], Told]) -> None:
    """Offer the dossier as a PDF; `read` is asked when somebody takes it. Its days are counted to
    the day of the data, not to the day on which somebody prints."""
    file = f"dossier_{account}_{reading.release.id}_{reading.lang}.pdf"
    downloads.button(
        reading,
        f"{reading.page}_dossier",
        "dossier",
        file,
        lambda: dossier(reading, account, *read()),
        about="dossier_help",
        icon=":material/gavel:",
    )


def dossier(
    reading: Reading, account: str, told: list[Figure], tables: dict[str, sheet.Table]
) -> bytes:
    """Return the dossier as a PDF, with every line of its tables."""
    day = reading.language.day(reading.release.business_date)
    items: list = [
        sheet.Heading(1, reading.text("dossier_title", account=account, day=day)),
        sheet.Paragraph(reading.text("dossier_intro", day=day)),
        sheet.Figures(tuple(told)),
    ]
    for name, table in tables.items():
        items += [sheet.Heading(2, reading.text(f"account_tab_{name}")), table]
    if not tables:
        items.append(sheet.Paragraph(reading.text("account_nothing"), "info"))
    return document.page_pdf(reading, items, lines=None)
