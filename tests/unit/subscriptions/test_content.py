"""What is said of a subscription: once past its threshold, what changed, what a right holds."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from dashboards.i18n import LANGUAGES, Language
from dashboards.notebook.entry import PROMISE, Entry
from dashboards.notebook.store import Notebook
from dashboards.source import Reading
from dashboards.subscriptions import content, lists, message, watched
from dashboards.subscriptions.content import Ended, judge
from dashboards.subscriptions.subscription import (
    FIGURE,
    GONE,
    LIST,
    PAGE,
    RIGHT_LOST,
    Subscription,
)
from release.reader import open_release
from tests.unit.subscriptions.conftest import LONG_AGO, person

_ACCOUNT = re.compile(r"\b[AC]\d{8}\b")


def reading(*roles: str, lang: str = "fr", offices: frozenset[str] | None = None) -> Reading:
    return Reading(open_release(), Language(lang), person=person(*roles, offices=offices))


def wish(kind: str, about: str, **said: object) -> Subscription:
    return Subscription(1, "u1", kind, about, said, "token")


def figure(direction: str, threshold: object) -> Subscription:
    return wish(FIGURE, "worklist_accounts", direction=direction, threshold=str(threshold))


@pytest.fixture
def accounts(fund) -> int:
    """So many accounts are on the worklist."""
    found = reading("recovery").query("select count(*) as n from recovery.mart_worklist")
    return int(found["n"][0])


@pytest.mark.parametrize(
    ("direction", "offset", "before", "is_told"),
    [
        ("above", -1, "", True),
        ("above", 0, "", False),
        ("below", 1, "", True),
        ("below", 0, "", False),
        # It stood past the threshold already: that was said then.
        ("above", -1, "1000000", False),
        ("below", 1, "0", False),
        # It was not past it: now it comes past.
        ("above", -1, "0", True),
        ("below", 1, "1000000", True),
    ],
)
def test_a_figure_is_told_when_it_comes_past_its_threshold(
    accounts, direction, offset, before, is_told
):
    found = judge(reading("recovery"), figure(direction, accounts + offset), before, "")
    assert (found.content is not None) is is_told
    assert Decimal(found.value) == accounts
    if is_told:
        assert Language("fr").number(int(accounts)) in found.content.sentence


@pytest.mark.parametrize(
    ("offset", "threshold", "is_told"), [(5, 5, False), (6, 5, True), (-6, 5, True), (0, 0, False)]
)
def test_a_change_is_counted_from_what_was_told_last(accounts, offset, threshold, is_told):
    found = judge(reading("recovery"), figure("change", threshold), "7", str(accounts + offset))
    assert (found.content is not None) is is_told


def test_small_changes_that_add_up_are_told(accounts):
    """What is compared with stays until something is told."""
    first = judge(reading("recovery"), figure("change", 5), "", "")
    assert (first.content, Decimal(first.value)) == (None, accounts)
    crept = judge(reading("recovery"), figure("change", 5), str(accounts - 4), "")
    assert crept.content is None
    assert Decimal(crept.value) == accounts - 4
    assert judge(reading("recovery"), figure("change", 5), str(accounts - 6), "").content


@pytest.mark.parametrize(("offset", "is_told"), [(6, True), (-6, True), (5, False)])
def test_a_first_change_is_counted_from_what_was_seen_when_it_was_asked_for(
    accounts, offset, is_told
):
    """The page shows the figure beside the wish: whoever asks means a change from there."""
    asked = wish(FIGURE, "worklist_accounts", direction="change", threshold="5",
                 seen=str(accounts + offset))  # fmt: skip
    found = judge(reading("recovery"), asked, "", "")
    assert (found.content is not None) is is_told
    assert Decimal(found.value) == (accounts if is_told else accounts + offset)


def test_a_list_is_told_again_when_its_lines_change(fund):
    first = judge(reading("recovery"), wish(LIST, "worklist"), "", "")
    assert first.content.table.rows["account_id"].str.fullmatch(_ACCOUNT.pattern[2:-2]).all()
    assert judge(reading("recovery"), wish(LIST, "worklist"), "", first.value).content is None
    assert judge(reading("recovery"), wish(LIST, "worklist"), "", "other").content


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", ["management", "recovery", "statistics", "operations", "auditor"])
def test_each_figure_and_list_of_a_role_can_be_said(fund, role, lang):
    """In both languages; and nothing in a title names an account, nor anything at all where the
    role is shown no names."""
    reader = reading(role, lang=lang)
    for about, one in watched.all_watched(reader).items():
        found = judge(
            reader, wish(FIGURE, about, direction="change", threshold="0"), "-12345", "-12345"
        )
        assert found.content is not None, about
        assert one.figure(reader).reference, about
        _no_names(reader, found.content)
    for about in lists.all_lists(reader):
        found = judge(reader, wish(LIST, about, days=300), "", "")
        if found.content:
            _no_names(reader, found.content)
    assert ("worklist" in lists.all_lists(reader)) == (role == "recovery")


def _no_names(reader: Reading, found: content.Content) -> None:
    assert not _ACCOUNT.search(found.title)
    said = message.text(reader, found, "https://vigie.cna.example", "https://end")
    assert reader.right.named or not _ACCOUNT.search(said)
    assert "{" not in said


@pytest.mark.parametrize(
    ("one", "roles", "why"),
    [
        (figure("above", 1), ("management",), RIGHT_LOST),
        (wish(LIST, "worklist"), ("auditor",), RIGHT_LOST),
        (wish(LIST, "prescriptions", days=9), (), RIGHT_LOST),
        (wish(PAGE, "contributions"), ("operations",), RIGHT_LOST),
        (wish(FIGURE, "board_gone", direction="above", threshold="1"), ("management",), GONE),
        (wish(FIGURE, "promise:SC99", direction="above", threshold="1"), ("management",), GONE),
        (wish(LIST, "poems"), ("recovery",), GONE),
        (wish(PAGE, "poems"), ("recovery",), GONE),
        # A page that opens accounts is not sent.
        (wish(PAGE, "account"), ("recovery",), GONE),
    ],
)
def test_what_may_not_be_seen_or_is_gone_ends(fund, one, roles, why):
    with pytest.raises(Ended) as ended:
        judge(reading(*roles), one, "", "")
    assert ended.value.why == why


def test_only_accounts_of_the_offices_are_listed(fund):
    """Of the worklist, of debts that prescribe, and of promises that stand in the notebook."""
    whole = reading("recovery").query(
        "select account_id, office_code from recovery.mart_worklist where office_code is not null"
    )
    office = whole["office_code"].iloc[0]
    theirs = set(whole.loc[whole["office_code"] == office, "account_id"])
    others = set(whole["account_id"]) - theirs
    assert theirs
    assert others
    book = Notebook(fund)
    due = date(2021, 1, 5)
    for account in (min(theirs), min(others)):
        entry = Entry(0, LONG_AGO, "Anne", account, PROMISE, until=due, amount=Decimal("99999999"))
        book.add(entry, LONG_AGO.replace(year=2021))
    reader = reading("recovery", offices=frozenset({office}))
    for about in ("worklist", "prescriptions", "payments_promised"):
        rows, _ = lists.LISTS[about].read(reader, 366)
        assert not set(rows["account_id"]) & others, about
    assert min(theirs) in set(rows["account_id"])


def test_small_counts_are_cut_in_a_figure_as_on_the_page(fund):
    """The management's value is that of its own view of the mart."""
    seen = watched.all_watched(reading("management"))
    for about in (one for one in seen if one.startswith("promise:")):
        value = seen[about].read(reading("management"))
        shown = reading("management").query(
            "select value from service.mart_commitments where office_code = 'ALL'"
            " and code = $code and quarter = $quarter",
            code=about.removeprefix("promise:"),
            quarter=value.period,
        )
        assert [Decimal(str(one)) for one in shown["value"]] == [value.number]
