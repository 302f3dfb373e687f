"""The promise about statistics on the page of the service commitment: SC36 and SC37, measured from
the register.

Belongs here: their figures in the form of service.mart_commitments, and the requests behind them.
Does not belong here: what they mean (exports.register.promise), the other indicators (the release).
"""

from dataclasses import dataclass

import pandas as pd

from dashboards import clock, grids, sheet
from dashboards.desk.listing import columns, lines
from dashboards.outside import escaped
from dashboards.source import Reading
from exports.errors import ExportError
from exports.register.desk import open_desk
from exports.register.promise import CODES, TARGET, Item, items, measured
from exports.register.request import Request

_FUND = "ALL"
#: Reading the register needs a name; this one writes nothing.
_READER = "vigie"


@dataclass(frozen=True)
class Promises:
    """What the register says of the promise; `unread`: why it says nothing."""

    judged: tuple[Item, ...]
    requests: dict[str, Request]
    unread: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the measures that the register gives."""
        return () if self.unread else CODES

    def rows(self) -> pd.DataFrame:
        """Return the figures as rows of service.mart_commitments, of the whole fund."""
        return pd.DataFrame(
            [
                {
                    "code": one.code,
                    "quarter": one.quarter,
                    "office_code": _FUND,
                    "numerator": float(one.numerator),
                    "denominator": one.denominator,
                    "value": one.value,
                    "unit": "share",
                    "target": TARGET,
                    "is_met": one.is_met,
                }
                for one in measured(self.judged)
            ]
        )


def from_register(reading: Reading) -> Promises:
    """Measure the promise today."""
    try:
        requests = open_desk(who=_READER, lang=reading.lang).requests()
    except ExportError as error:
        return Promises((), {}, str(error))
    return Promises(tuple(items(requests, clock.today())), requests)


def missed(reading: Reading, promises: Promises, code: str, quarter: str) -> None:
    """Show the requests that did not keep a promise in a quarter."""
    sheet.note(reading.text("desk_promise_source"))
    found = [
        promises.requests[one.request_id]
        for one in promises.judged
        if one.code == code and one.quarter == quarter and not one.kept
    ]
    if not found:
        sheet.success(reading.text("missed_none"))
        return
    rows = lines(reading, found, clock.today())
    grids.show_table(reading, f"desk_missed_{code}", rows, columns(reading))


def told(reading: Reading, promises: Promises) -> None:
    """Say why the register says nothing, where it does not."""
    if promises.unread:
        sheet.warning(
            reading.text("desk_register_unread", reason=escaped(promises.unread)),
            icon=":material/warning:",
        )
