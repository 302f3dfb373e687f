"""The account page explains a charge or a payment with the sums that `vigie explain` tells."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.explained import ReadingSource
from dashboards.i18n import Language
from dashboards.source import Reading
from explain.kinds import explain
from explain.model import Equation
from explain.release_source import ReleaseSource
from explain.words import Words
from release.reader import open_release
from tests.unit.dashboards.drawn import healthy, query, words_of
from tests.unit.dashboards.drawn import page as page_of

pytestmark = [pytest.mark.xdist_group("recovery_pages"), pytest.mark.usefixtures("fund")]


def covered() -> tuple[str, str]:
    """A charge that money and a credit covered, and its account."""
    return query(
        """select account_id, charge_id from contribution.fct_charges
        where collected_amount > 0 and credited_amount > 0 and charge_type = 'provisional'
        order by all limit 1"""
    )[0]


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_the_page_tells_the_sums_of_the_command_line(lang):
    account, charge = covered()
    app: AppTest = page_of("recovery/account", lang)
    app.text_input(key="account_account").input(account).run()
    healthy(app.selectbox(key="account_explained").select(f"charge-{charge}").run())
    said = words_of(app).replace("\\", "")
    source = ReleaseSource(open_release(), Path())
    told = explain(ReadingSource(Reading(open_release(), Language(lang))), "charge", charge, lang)
    words = Words(source, told, lang)
    sums = [
        part for section in told.sections for part in section.parts if isinstance(part, Equation)
    ]
    assert len(sums) >= 4
    assert all(one.holds for one in sums)
    assert [words.equation(one) for one in sums if words.equation(one) not in said] == []


def test_a_page_tells_no_line_of_a_delivery():
    _, charge = covered()
    told = explain(ReadingSource(Reading(open_release(), Language("fr"))), "charge", charge, "fr")
    assert [one.key for one in told.sections] == ["figure", "ledger", "law", "shown", "change"]
