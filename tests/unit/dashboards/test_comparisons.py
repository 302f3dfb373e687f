"""Figures beside those of a year before at the same age, article 60bis with all its parts, promises
by office, known then and known today: each computed otherwise than the marts and the pages do."""

from __future__ import annotations

from math import sqrt

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboards import comparison
from dashboards.formats import EUROS, SHARE
from dashboards.i18n import Language
from dashboards.rankings import LEAST, wilson
from dashboards.source import Reading
from release.reader import open_release, standing
from tests.unit.dashboards.drawn import figure, page_script, query, words_of
from tests.unit.dashboards.drawn import page as page_of

pytestmark = [pytest.mark.xdist_group("comparisons"), pytest.mark.usefixtures("fund")]
FRENCH = Language("fr")
#: A claim, with what its payments and all its credits had covered by a day.
_AT = """
    select claims.*, coalesce(sum(allocated_amount) filter (
            where credit_type = 'payment' and value_date <= {day}), 0) as paid,
        coalesce(sum(allocated_amount) filter (where value_date <= {day}), 0) as covered
    from contribution.fct_charges as claims
    left join contribution.fct_allocations using (charge_id)
    where claims.gross_amount > 0 and claims.charge_type in ({types}) and issue_date <= {day}
    group by all
"""
_AFFILIATES = "'provisional', 'regularisation'"


def page(name: str, lang: str = "fr") -> AppTest:
    return page_of(f"management/{name}", lang)


def _a_year_before() -> str:
    ((day,),) = query("select business_date - interval 1 year from meta.release")
    return f"date '{day:%Y-%m-%d}'"


def _earlier(types: str, first: int, last: int) -> tuple[float, float, float]:
    at = _AT.format(day=_a_year_before(), types=types)
    ((claimed, paid, owed),) = query(
        f"select sum(net_amount), sum(paid), sum(net_amount - covered) from ({at})"
        f" where contribution_year between {first} and {last}"
    )
    return float(claimed), float(paid), float(owed)


def _said(app: AppTest, before: str) -> bool:
    return any(f"au même âge\u00a0: {before} (" in str(one.value) for one in app.caption)


def test_contributions_stand_beside_those_of_a_year_before_at_the_same_age() -> None:
    app = page("contributions")
    first, last = app.select_slider(key="contributions_years").value
    claimed, paid, owed = _earlier(_AFFILIATES, first - 1, last - 1)
    for amount in (claimed, paid, owed):
        assert _said(app, EUROS.write(FRENCH, amount))
    assert _said(app, SHARE.write(FRENCH, paid / claimed))
    # The later years weigh on neither: what is known of a year before is not the rate of today.
    ((today,),) = query(
        "select sum(collected_amount) / sum(claimed_amount) from contribution.mart_quarter"
        f" where contribution_year between {first - 1} and {last - 1}"
    )
    assert SHARE.write(FRENCH, today) != SHARE.write(FRENCH, paid / claimed)


def test_each_quarter_has_its_rate_of_a_year_before() -> None:
    app = page("contributions")
    twin = next(t.value for t in app.dataframe if "Un an avant, au même âge" in t.value.columns)
    at = _AT.format(day=_a_year_before(), types=_AFFILIATES)
    rates = dict(
        query(
            "select contribution_year + 1 || 'Q' || contribution_quarter,"
            f" cast(sum(paid) / sum(net_amount) as double) from ({at})"
            " where contribution_quarter is not null group by all"
        )
    )
    shown = dict(zip(twin["Période"], twin["Un an avant, au même âge"], strict=True))
    assert len(shown) > 8
    assert shown == {period: pytest.approx(rates[period]) for period in shown}


def test_accuracy_of_the_last_year_stands_beside_the_year_before() -> None:
    """Counted anew from the charges and the surcharges, with what was issued a year before."""
    app = page("accuracy")
    said = []
    for year, day in ((2026, "date '9999-12-31'"), (2025, _a_year_before())):
        ((right, all_of_them),) = query(f"""
            select count(*) filter (where difference = 0), count(*) from (
                select difference_amount as difference
                from contribution.fct_charges where contribution_year = {year}
                    and difference_amount is not null and issue_date <= {day}
                union all
                select surcharges.difference_amount
                from contribution.fct_expected_surcharges as surcharges
                inner join contribution.fct_charges as charges using (charge_id)
                where surcharges.contribution_year = {year}
                    and surcharges.difference_amount is not null and issue_date <= {day}
            )""")
        said.append(FRENCH.percent(right / all_of_them, 2))
    line = f"2026\u00a0: {said[0]}\u00a0; 2025, au même âge\u00a0: {said[1]} ("
    assert [one for one in app.caption if str(one.value).startswith(line)]


def test_what_has_no_year_before_says_so() -> None:
    """Of the first year known there is none."""
    app = page("contributions")
    years = app.select_slider(key="contributions_years").options
    app.select_slider(key="contributions_years").set_range(int(years[0]), int(years[1])).run()
    none = "Un an avant\u00a0: ne peut se dire au même âge"
    assert none in [str(one.value) for one in app.caption]


def test_companies_stand_beside_those_of_a_year_before() -> None:
    app = page("companies")
    app.select_slider(key="companies_years").set_range(2025, 2026).run()
    claimed, paid, owed = _earlier("'company_contribution'", 2024, 2025)
    assert _said(app, EUROS.write(FRENCH, claimed))
    assert _said(app, EUROS.write(FRENCH, owed))
    assert _said(app, SHARE.write(FRENCH, paid / claimed))


@pytest.mark.parametrize(
    ("name", "label", "sql"),
    [
        ("benefits", "Montant payé", "select sum(paid_amount) from benefit.mart_quarter"),
        ("transmissions", "Messages", "select sum(messages) from service.mart_transmissions"),
    ],
)
def test_quarters_that_are_over_stand_beside_the_same_ones_a_year_before(name, label, sql) -> None:
    app = page(name)
    app.select_slider(key=f"{name}_quarters").set_range("2026Q2", "2026Q3").run()
    ((now,),) = query(f"{sql} where quarter between '2026Q2' and '2026Q3'")
    ((before,),) = query(f"{sql} where quarter between '2025Q2' and '2025Q3'")
    write = FRENCH.euros if name == "benefits" else FRENCH.number
    assert figure(app, label) == write(now)
    assert _said(app, write(before))


def _perception() -> list[tuple]:
    """(year, claimed, paid and credited by 31 December or today, paid share on the same day)."""
    return query(f"""
        with claims as (
            select charge_id, year(issue_date) as y, net_amount, issue_date,
                least(make_date(year(issue_date), 12, 31), business_date) as seen,
                make_date(year(issue_date), month(business_date), day(business_date)) as same_day
            from contribution.fct_charges, meta.release
            where gross_amount > 0 and charge_type in ({_AFFILIATES})
                and year(issue_date) <= year(business_date)
        ),
        covered as (
            select charge_id,
                sum(allocated_amount) filter (where credit_type = 'payment' and value_date <= seen)
                    as paid,
                sum(allocated_amount) filter (where credit_type <> 'payment' and value_date <= seen)
                    as credited,
                sum(allocated_amount) filter (
                    where credit_type = 'payment' and value_date <= same_day) as paid_then
            from claims left join contribution.fct_allocations using (charge_id) group by charge_id
        )
        select y, sum(net_amount)::double, coalesce(sum(paid), 0)::double,
            coalesce(sum(credited), 0)::double,
            sum(paid_then) filter (where issue_date <= same_day)
                / sum(net_amount) filter (where issue_date <= same_day)
        from claims inner join covered using (charge_id) group by y order by y
    """)


def test_article_60bis_names_all_its_parts_and_they_add_up() -> None:
    app = page("contributions")
    twin = next(t.value for t in app.dataframe if "Compensé au 31 décembre" in t.value.columns)
    twin = twin[twin["Type de compte"] == "Affilié"]
    expected = _perception()
    assert [int(year) for year in twin["Année de première réclamation"]] == [
        year for year, *_ in expected
    ]
    parts = ["Perçu au 31 décembre", "Compensé au 31 décembre", "Impayé au 31 décembre"]
    for line, (_, claimed, paid, credited, _) in zip(
        twin[["Réclamé", *parts]].to_numpy(), expected, strict=True
    ):
        assert list(line) == pytest.approx([claimed, paid, credited, claimed - paid - credited])
    assert any(credited for *_, credited, _ in expected)


def test_the_running_year_and_its_projection() -> None:
    """Mack's chain ladder in one step, by hand: mean development, error of chance and of factor."""
    app = page("contributions")
    *past, (year, claimed, paid, _, now) = _perception()
    ends = [100 * paid / claimed for _, claimed, paid, _, _ in past]
    days = [100 * share for *_, share in past]
    factor = sum(ends) / sum(days)
    variance = sum(day * (end / day - factor) ** 2 for end, day in zip(ends, days, strict=True)) / (
        len(past) - 1
    )
    projected = 100 * now * factor
    error = projected / factor * sqrt(variance * (1 / (100 * now) + 1 / sum(days)))
    said = "\n".join(str(one.value) for one in app.markdown)
    percent = FRENCH.percent
    assert f"En {year}, au 01/10/2026, {percent(paid / claimed)} est perçu." in said
    assert f"Au 01/10/{year - 1}, c'était {percent(days[-1] / 100)}" in said
    low, high = (percent((projected + z * error) / 100) for z in (-1.96, 1.96))
    assert f"{percent(projected / 100)} (intervalle à 95\u00a0%\u00a0: {low} à {high})" in said


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_promises_by_office_are_judged_on_enough_files(lang) -> None:
    twin = page("commitment", lang).dataframe[-1].value
    expected = {
        (code, office): rest
        for code, office, *rest in query(
            f"select mart.code, label_{lang}, numerator, denominator, value, is_met"
            " from service.mart_commitments as mart inner join core.dim_code as offices"
            " on offices.list_name = 'office' and offices.code = office_code"
            " where quarter = '2026Q3' and denominator > 0 and unit = 'share'"
        )
    }
    lines = {(line[0], line[2]): line[3:] for line in twin.itertuples(index=False, name=None)}
    assert set(lines) == set(expected)
    few = {key for key, (_, items, _, _) in expected.items() if items < LEAST}
    assert 0 < len(few) < len(expected)
    for key, (numerator, items, value, is_met) in expected.items():
        state, share, low, high, *counts, _ = lines[key]
        assert state[0] in ("·" if key in few else {True: "✔", False: "✘◐", None: "•"}[is_met])
        assert (share, *counts) == pytest.approx((value, numerator, items))
        assert (low, high) == pytest.approx(wilson(numerator, items))


@pytest.mark.parametrize(
    ("name", "moved"),
    # Of the last delivery there are payments and charges, no benefits and no messages.
    [("contributions", True), ("companies", True), ("benefits", False), ("transmissions", False)],
)
def test_what_was_known_then_has_beside_it_what_is_known_today(name, moved) -> None:
    """Each figure of a release of the past, with that of the current one under it."""
    (past,) = [one.id for one in standing() if one.id != open_release().id]
    now = page(name)
    app = AppTest.from_string(page_script(f"views/management/{name}.py", "fr"), default_timeout=120)
    app.query_params["release"] = past
    app.run()
    assert not app.exception
    known = [
        str(one.value) for one in app.caption if str(one.value).startswith("Connu aujourd'hui (")
    ]
    assert [line.partition("\u00a0: ")[2] for line in known] == [one.value for one in now.metric]
    assert ([one.value for one in app.metric] != [one.value for one in now.metric]) == moved
    assert "Connu aujourd'hui (" not in words_of(now)


@pytest.mark.parametrize(
    ("form", "now", "before", "written"),
    [
        (SHARE, 0.651, 0.611, "+4,0\u00a0pt"),
        (SHARE, 0.6, 0.6004, "±0,0\u00a0pt"),
        (EUROS, 90, 100, "\u221210,0\u00a0%"),
        (EUROS, 90, 0, "–"),
    ],
)
def test_differences_are_points_of_shares_and_per_cent_of_amounts(form, now, before, written):
    assert comparison.change(Reading(None, FRENCH), form, now, before) == written


def test_only_quarters_known_on_both_sides_are_compared(monkeypatch) -> None:
    """Neither the running one nor those whose year before has no figures."""
    reading = Reading(open_release(), FRENCH)
    asked = []

    def query(self, sql, **values):
        asked.append((values["first"], values["last"]))
        return pd.DataFrame([{"n": len(asked)}])

    monkeypatch.setattr(Reading, "query", query)
    known = ["2024Q4", "2025Q1", "2025Q3", "2025Q4", "2026Q3", "2026Q4"]
    found = comparison.over(reading, "", {"first": "2025Q1", "last": "2026Q4"}, known)
    assert asked == [("2025Q4", "2026Q3"), ("2024Q4", "2025Q3")]
    assert (found.quarters, found.is_whole) == ("2025Q4–2026Q3", False)
    assert comparison.over(reading, "", {"first": "2025Q1", "last": "2025Q1"}, known).now.empty
