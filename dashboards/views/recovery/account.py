"""One account: looked up by any of its numbers, shown with its whole history.

Belongs here: the order of the page. Does not belong here: the search and what is shown of an
account (sections).
"""

from dashboards import asof
from dashboards.sections import account, account_search
from dashboards.source import Reading, current


def render(reading: Reading) -> None:
    """Draw the page."""
    asked = account_search.choose(reading)
    if asked and asof.holds(reading, "fct_receipts", schema="contribution"):
        account.show(reading, asked)


render(current())
