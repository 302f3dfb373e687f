"""Promises are judged from payments: to the cent, on the day before, the day and the day after."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from dashboards import source
from dashboards.i18n import Language
from dashboards.notebook.entry import PROMISE, Entry
from dashboards.notebook.promises import BROKEN, KEPT, OPEN, judged
from tests.unit.dashboards.drawn import query

pytestmark = pytest.mark.usefixtures("fund")
CENT = Decimal("0.01")


@pytest.fixture
def paid():
    """An account that paid something once, the day, and what covered charges that day."""
    return query(
        "select account_id, value_date, sum(allocated_amount)"
        " from contribution.fct_allocations"
        " where credit_type = 'payment'"
        " and value_date < (select business_date - 9 from meta.release)"
        " group by account_id, value_date having sum(allocated_amount) > 1"
        " qualify count(*) over (partition by account_id, date_trunc('month', value_date)) = 1"
        " order by value_date desc, account_id limit 1"
    )[0]


def _judge(account, made, due, amount):
    at = datetime.combine(made, time(12), tzinfo=UTC)
    promise = Entry(1, at, "Anne", account, PROMISE, until=due, amount=amount)
    return judged(source.begin(Language("fr")), [promise])[account]


@pytest.mark.parametrize(
    ("made", "due", "more", "state"),
    [
        (-2, 0, 0, KEPT),  # paid on the last day
        (-2, 1, 0, KEPT),
        (-2, -1, 0, BROKEN),  # a day late
        (0, 0, 0, BROKEN),  # paid on the day of the promise: not what was promised
        (-1, 0, CENT, BROKEN),  # a cent less than promised
    ],
)
def test_a_promise_is_kept_in_time_and_in_full(paid, made, due, more, state):
    account, day, amount = paid
    on = day + timedelta(days=made), day + timedelta(days=due)
    found = _judge(account, *on, amount + more)
    assert found.state == state
    assert found.paid == (amount if made < 0 <= due else 0)


@pytest.mark.parametrize(("days", "state"), [(-1, BROKEN), (0, OPEN), (1, OPEN)])
def test_a_promise_is_open_until_its_day_is_in_the_data(paid, days, state):
    account = paid[0]
    today = source.begin(Language("fr")).release.business_date
    due = today + timedelta(days=days)
    assert _judge(account, due - timedelta(days=1), due, Decimal(10**9)).state == state


def test_many_promises_at_once_are_judged_each_by_its_own_payments(paid):
    account, day, amount = paid
    at = datetime.combine(day - timedelta(days=1), time(12), tzinfo=UTC)
    asked = [Entry(1, at, "Anne", account, PROMISE, until=day, amount=amount),
             Entry(2, at, "Bram", "A99999999", PROMISE, until=day, amount=amount)]  # fmt: skip
    found = judged(source.begin(Language("fr")), asked)
    assert {name: one.state for name, one in found.items()} == {account: KEPT, "A99999999": BROKEN}
    assert found[account].paid == amount
