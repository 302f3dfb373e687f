"""Parts of a page that not every role sees. Does not belong here: whole pages (entry.py)."""

from dashboards import sheet
from dashboards.source import Reading


def is_shown(reading: Reading, *tables: str) -> bool:
    """Whether a part of a page that reads these tables (`schema.table`) is shown; says so in its
    place when not."""
    if all(reading.may_see(*table.split(".")) for table in tables):
        return True
    sheet.note(reading.text("access_part_not_yours"))
    return False
