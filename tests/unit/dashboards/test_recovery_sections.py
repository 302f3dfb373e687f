"""What the lists, the account and the comparisons of recovery say, computed another way."""

from __future__ import annotations

import io
from decimal import Decimal

import duckdb
import pandas as pd
import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from dashboards import charges, lookup, queries
from dashboards.i18n import Language
from dashboards.sections import account_payment, arrears_changes, dossier
from dashboards.source import Reading
from release.reader import open_release, standing
from tests.unit.dashboards.drawn import figure, healthy, query, words_of
from tests.unit.dashboards.drawn import page as page_of

pytestmark = [pytest.mark.xdist_group("recovery_pages"), pytest.mark.usefixtures("fund")]
FRENCH = Language("fr")


def page(name: str, lang: str = "fr") -> AppTest:
    return page_of(f"recovery/{name}", lang)


def reading(lang: str = "fr") -> Reading:
    return Reading(open_release(), Language(lang))


def table(app: AppTest, *columns: str) -> pd.DataFrame:
    """The first table that has these columns."""
    return next(f.value for f in app.dataframe if set(columns) <= set(f.value.columns))


# --- whose accounts


def test_the_worklist_of_an_office_and_of_an_agent():
    """The office is that of the affiliate or company, the agent that of the open case."""
    ((office, accounts),) = query(
        """select coalesce(affiliates.office_code, companies.office_code) as office, count(*)
        from recovery.mart_worklist as listed
        left join core.dim_affiliate as affiliates on listed.account_id = affiliates.affiliate_id
        left join core.dim_company as companies on listed.account_id = companies.company_id
        group by 1 order by 2 desc, 1 limit 1"""
    )
    app = page("worklist")
    healthy(app.multiselect(key="worklist_offices").select(office).run())
    assert figure(app, "Comptes") == FRENCH.number(accounts)
    assert app.query_params["offices"] in (office, [office])
    app = page("worklist")
    agents = dict(
        query(
            """select account_id, arg_max(agent_id, (opened_date, case_id)) from recovery.fct_cases
            where agent_id is not null and (
                closed_date is null or closed_date > (select as_of_date from meta.as_of)
            ) group by 1"""
        )
    )
    listed = [account for (account,) in query("select account_id from recovery.mart_worklist")]
    agent = next(agents[account] for account in listed if account in agents)
    healthy(app.multiselect(key="worklist_agents").select(agent).run())
    wanted = [account for account in listed if agents.get(account) == agent]
    assert sorted(app.dataframe[0].value["Compte"]) == sorted(wanted)
    healthy(app.multiselect(key="worklist_agents").set_value(["none"]).run())
    without = sum(account not in agents for account in listed)
    assert figure(app, "Comptes") == FRENCH.number(without)


# --- since the last release


def test_who_is_new_on_the_worklist_is_said():
    """The two releases of the fund, their lists compared line by line."""
    listed = "select account_id from recovery.mart_worklist"
    before, now = (
        {account for (account,) in release.cursor().execute(listed).fetchall()}
        for release in _two_releases()
    )
    app = page("worklist")
    assert figure(app, "Nouveaux") == FRENCH.number(len(now - before))
    assert figure(app, "Partis") == FRENCH.number(len(before - now))
    assert set(table(app, "Mouvement")["Compte"]) == now ^ before


def _two_releases():
    last, first = standing()
    return first, last


def test_who_paid_since_the_last_release_and_what_that_settled():
    payments = "select payment_id, account_id, amount, value_date from contribution.fct_receipts"
    first, last = _two_releases()
    known = {
        row[0]
        for row in first.cursor().execute(payments).fetchall()
        if row[3] <= first.business_date
    }
    new = [
        row
        for row in last.cursor().execute(payments).fetchall()
        if row[0] not in known and row[3] <= last.business_date
    ]
    assert new
    app = page("worklist")
    assert figure(app, "Reçu") == FRENCH.euros(float(sum(row[2] for row in new)))
    shown = table(app, "A soldé")
    assert set(shown["Paiement"]) == {row[0] for row in new}
    settled = query(
        """select count(distinct charge_id) from contribution.fct_allocations
        inner join contribution.fct_charges using (charge_id)
        where list_contains($new, credit_id) and outstanding_amount = 0""",
        new=[row[0] for row in new],
    )[0][0]
    assert figure(app, "Créances soldées") == FRENCH.number(settled)


# --- prescription and plans


def test_prescriptions_by_quarter_are_summed_per_account():
    today = reading().looked_on
    app = page("deadlines")
    quarter = app.selectbox(key="deadlines_quarter").options[-1]
    healthy(app.selectbox(key="deadlines_quarter").select(quarter).run())
    wanted = query(
        """select account_id, min(prescription_date), sum(outstanding_amount)
        from recovery.fct_open_charges
        where prescription_date > $today
            and strftime(prescription_date, '%Y') = $year and quarter(prescription_date) = $quarter
        group by 1""",
        today=today,
        year=quarter[:4],
        quarter=int(quarter[-1]),
    )
    shown = table(app, "Première prescription")
    assert wanted
    assert sorted(
        zip(shown["Compte"], shown["Première prescription"].dt.date, shown["Solde impayé"],
            strict=True)
    ) == sorted((account, day, float(amount)) for account, day, amount in wanted)  # fmt: skip


def test_broken_plans_name_the_instalment_that_was_missed():
    shown = table(page("deadlines"), "Échéance manquée").set_index("Plan d'apurement")
    rows = query(
        """select plan_id, due_date, due_so_far_amount - received_amount
        from recovery.fct_instalments where not is_kept
        qualify row_number() over (partition by plan_id order by due_date) = 1"""
    )
    assert rows
    for plan, due, missing in rows:
        assert shown.loc[plan, "Échéance manquée"].date() == due
        assert shown.loc[plan, "Manquant"] == float(missing)
    assert len(shown) == len(rows)


# --- cohorts by year at equal age


def test_a_year_of_cohorts_is_that_of_the_ledger_and_its_change_adds_up():
    app = page("cohorts")
    shown = table(app, "Effet de la part (€)")
    shown = shown[shown["Trimestres"] == 4]
    year = int(shown["Année d'échéance"].iloc[0])
    age = int(app.selectbox(key="cohorts_age").value)
    # Each contribution of the year, and what came in by the end of so many quarters after its own.
    claimed, collected = query(
        """with claims as (
            select charge_id, net_amount, date_trunc('quarter', due_date)
                + to_months(3 * ($age + 1)) as before_date
            from contribution.fct_charges
            where account_type = 'affiliate' and year(due_date) = $year
                and charge_type in ('provisional', 'regularisation') and gross_amount > 0
        )
        select (select sum(net_amount) from claims), sum(allocated_amount)
        from claims inner join contribution.fct_allocations using (charge_id)
        where credit_type = 'payment' and value_date < before_date""",
        year=year,
        age=age,
    )[0]
    line = shown.iloc[0]
    assert line["Réclamé"] == float(claimed)
    assert line["Perçu"] == float(collected)
    both = shown.dropna(subset=["Différence (points)"])
    assert len(both)
    effects = both["Effet de la part (€)"] + both["Effet du volume (€)"]
    assert (effects - both["Différence du perçu (€)"]).abs().max() < 0.005


# --- what somebody types


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("A00000001", "account", "A00000001"),
        ("a 1", "account", "A00000001"),
        ("A1", "account", "A00000001"),
        ("c-00012", "account", "C00000012"),
        ("0123.456.749", "enterprise", "0123456749"),
        ("BE 0123 456 749", "enterprise", "0123456749"),
        ("123456749", "enterprise", "0123456749"),
        ("+++123/4567/89002+++", "communication", "123456789002"),
        ("123456789002", "communication", "123456789002"),
    ],
)
def test_every_form_of_a_number_is_read(text, kind, value):
    assert lookup.read(text) == lookup.Asked(kind, value)


@pytest.mark.parametrize(
    "text", ["", "B1", "A", "A123456789", "0123.456.748", "+++123/4567/89003+++", "85073003328"]
)
def test_what_is_no_number_of_an_account_is_not_read(text):
    assert lookup.read(text) is None


@pytest.mark.parametrize("text", ["85.07.30-033.28", "85073003328", " 850730 033 28 "])
def test_a_national_number_is_refused_and_kept_nowhere(text):
    app = page("account")
    healthy(app.text_input(key="account_account").input(text).run())
    assert "numéro national" in app.warning[0].value
    assert app.text_input(key="account_account").value == ""
    kept = f"{dict(app.query_params)} {words_of(app)} {app.warning[0].value}"
    kept += "".join(str(app.session_state[key]) for key in ("account_account", "vigie_shown"))
    assert text.strip() not in kept
    assert "85073003328" not in kept


def test_an_account_is_found_by_its_other_numbers():
    company, number = query("select company_id, enterprise_number from core.dim_company limit 1")[0]
    ((communication, account),) = query(
        """select structured_communication, min(account_id) from contribution.fct_receipts
        where structured_communication is not null
        group by 1 having count(distinct account_id) = 1 order by 1 limit 1"""
    )
    app = page("account")
    typed = f"{number[:4]}.{number[4:7]}.{number[7:]}"
    healthy(app.text_input(key="account_account").input(typed).run())
    # Its page, or the sentence that it has no charge.
    assert company in words_of(app) + "".join(str(told.value) for told in app.warning)
    typed = f"+++{communication[:3]}/{communication[3:7]}/{communication[7:]}+++"
    healthy(app.text_input(key="account_account").input(typed).run())
    assert f"Compte {account}" in words_of(app)


# --- one account


def test_payments_say_which_charges_they_covered_and_charges_what_covered_them():
    account = query(
        """select account_id from contribution.fct_allocations where credit_type = 'payment'
        group by 1 having count(distinct charge_id) > 3 order by count(*) desc, 1 limit 1"""
    )[0][0]
    app = page("account")
    healthy(app.text_input(key="account_account").input(account).run())
    payments = table(app, "A couvert").set_index("Paiement")
    claims = table(app, "Couverte par").set_index("Créance")
    rows = query(
        """select credit_id, charge_id, charge_type, contribution_year, contribution_quarter,
            value_date, sum(allocated_amount)
        from contribution.fct_allocations inner join contribution.fct_charges using (charge_id)
        where fct_allocations.account_id = $account and credit_type = 'payment'
            and value_date <= (select as_of_date from meta.as_of)
        group by all""",
        account=account,
    )
    names = reading().labels("charge_type")
    for payment, charge, kind, year, quarter, day, amount in rows:
        period = f"{year}Q{quarter}" if quarter else str(year)
        name = names[kind][0].lower() + names[kind][1:]
        assert f"{period}, {name}" in payments.loc[payment, "A couvert"]
        assert FRENCH.day(day) in claims.loc[charge, "Couverte par"]
        assert claims.loc[charge, "Période et nature"] == f"{period}, {name}"
        assert FRENCH.euros(float(amount)) in claims.loc[charge, "Couverte par"]


def test_what_a_payment_would_settle_is_what_the_ledger_let_it_settle():
    """The latest payment of an account, asked about on the account as it stood before it."""
    latest = query(
        """with moves as (
            select account_id, credit_id, value_date, sum(allocated_amount) as amount,
                bool_or(designated) as designated, any_value(credit_type) as credit_type
            from contribution.fct_allocations
            where value_date <= (select as_of_date from meta.as_of)
            group by all
        )
        select account_id, credit_id, amount from moves
        where credit_type = 'payment' and not designated and amount > 0
        qualify value_date = max(value_date) over (partition by account_id)
            and count(*) over (partition by account_id, value_date) = 1
        order by amount desc limit 40"""
    )
    assert len(latest) == 40
    sql = queries.beside(account_payment.__file__)["would_settle"]
    several = 0
    with duckdb.connect() as con:
        con.execute("create schema contribution; create schema recovery")
        con.execute(
            "create table recovery.mart_prescription (charge_id varchar, prescription_date date)"
        )
        for account, payment, amount in latest:
            covered = query(
                """select charge_id, sum(allocated_amount) from contribution.fct_allocations
                where account_id = $account and credit_id = $payment group by 1""",
                account=account,
                payment=payment,
            )
            stood = pd.DataFrame(
                query(
                    """select account_id, charge_id, charge_type, contribution_year,
                        contribution_quarter, due_date, outstanding_amount + coalesce((
                            select sum(allocated_amount) from contribution.fct_allocations as moves
                            where moves.charge_id = charges.charge_id and credit_id = $payment
                        ), 0) as outstanding_amount
                    from contribution.fct_charges as charges where account_id = $account""",
                    account=account,
                    payment=payment,
                ),
                columns=["account_id", "charge_id", "charge_type", "contribution_year",
                         "contribution_quarter", "due_date", "outstanding_amount"],
            )  # fmt: skip
            con.register("stood", stood)
            con.execute("create or replace table contribution.fct_charges as from stood")
            found = con.execute(sql, {"account": account, "amount": amount}).fetchall()
            assert [(row[0], Decimal(str(row[6]))) for row in found] == sorted(
                covered, key=lambda row: [one[0] for one in found].index(row[0])
            )
            several += len(found) > 1
    assert several > 5


def test_the_sentence_about_a_payment_counts_what_it_settles():
    account, owed = query(
        """select account_id, sum(outstanding_amount) from contribution.fct_charges
        where outstanding_amount > 0 group by 1 having count(*) > 2 order by 2 desc, 1 limit 1"""
    )[0]
    app = page("account")
    app.text_input(key="account_account").input(account).run()
    healthy(app.text_input(key="account_payment").input(FRENCH.number(float(owed) + 10, 2)).run())
    charges_open = query(
        "select count(*) from contribution.fct_charges"
        " where account_id = $account and outstanding_amount > 0",
        account=account,
    )[0][0]
    said = words_of(app)
    assert f"{FRENCH.euros(float(owed) + 10)} solderaient {charges_open} créances" in said
    assert "10,00\u00a0€ resteraient non imputés" in said
    assert (table(app, "Serait couvert")["Soldée"] == "Oui").all()


@pytest.mark.parametrize(
    ("text", "amount"),
    [("500", "500"), ("1.234,56", "1234.56"), ("1 234,56 €", "1234.56"), ("0", None),
     ("-5", None), ("1,234", None), ("abc", None), ("1e9", "1000000000"), ("nan", None)],
)  # fmt: skip
def test_an_amount_as_people_type_it(text, amount):
    assert account_payment.amount_of(text) == (Decimal(amount) if amount else None)


def test_charges_are_named_as_people_name_them():
    rows = pd.DataFrame(
        [("provisional", 2025, 3.0), ("regularisation", 2024, float("nan"))],
        columns=["charge_type", "contribution_year", "contribution_quarter"],
    )
    said = list(charges.in_words(reading("nl"), rows))
    assert said == ["2025Q3, voorlopige bijdrage", "2024, regularisatie"]


# --- balances and movements


def test_the_bridge_leads_from_each_balance_to_the_others_to_the_cent():
    shown = table(page("arrears"), "Où il est montré")
    ends = {}
    for name, lines in shown.groupby("Chiffre", sort=False):
        *steps, end = lines["Montant"]
        assert lines["De quoi il est fait"].iloc[-1].startswith("= ")
        assert not steps or round(sum(steps), 2) == end, name
        ends[name] = end
    owed = ends["Solde des comptes de la liste de travail"]
    app = page("worklist")
    assert figure(app, "Solde impayé") == FRENCH.euros(owed)
    assert "arrears?lang=fr" in "".join(str(text.value) for text in app.markdown)
    arrears = FRENCH.euros(ends["Arriérés des affiliés"], 0)
    assert figure(page("arrears"), "Solde impayé") == arrears
    prescribed = FRENCH.euros(ends["Prescrit à la date d'arrêté"], 0)
    assert figure(page("deadlines"), "Déjà prescrit") == prescribed
    ((total, unpaid),) = query(
        """select (select sum(outstanding_amount) from contribution.fct_charges),
            (select sum(outstanding_amount) from contribution.mart_quarter)"""
    )
    assert ends["Solde impayé, toutes créances"] == float(total)
    assert ends["Cotisations impayées des affiliés"] == float(unpaid)


def test_the_waterfall_holds_movements_alone_and_they_add_up():
    names = ["outstanding_start_amount", *arrears_changes._MOVEMENTS, "outstanding_end_amount"]
    totals = pd.Series(0.0, index=names)
    totals["outstanding_start_amount"] = 1000.0
    totals["newly_claimed_amount"], totals["collected_amount"] = 300.0, 72.0
    totals["reinstated_amount"], totals["prescribed_amount"] = 72.0, 50.0
    totals["moved_in_amount"], totals["moved_out_amount"] = 40.0, 40.0
    totals["outstanding_end_amount"] = 1250.0
    steps = arrears_changes.movements(reading(), totals)
    assert list(steps["kind"]) == ["more", "less", "less", "more", "sum"]
    assert steps["value"].iloc[:-1].sum() == steps["value"].iloc[-1] == 250.0
    prescribed = steps[steps["step"] == "Prescrit"].iloc[0]
    assert (prescribed["value"], prescribed["kind"]) == (-50.0, "less")
    assert 1000.0 not in set(steps["value"])


def test_the_dossier_for_the_lawyer_has_every_line_and_no_note_of_an_agent(monkeypatch):
    """The longest account; what is offered below its page is what is written."""
    ((account, lines, owed),) = query(
        """select account_id, count(*), sum(outstanding_amount) from contribution.fct_charges
        where gross_amount > 0 group by 1 order by 2 desc, 1 limit 1"""
    )
    offered = []
    monkeypatch.setattr(dossier, "offer", lambda *given: offered.append(given))
    app = page("account")
    healthy(app.text_input(key="account_account").input(account).run())
    told, of, read = offered[-1]
    figures, tables = read()
    pdf = PdfReader(io.BytesIO(dossier.dossier(told, of, figures, tables)))
    text = " ".join(one.extract_text() for one in pdf.pages)
    day = FRENCH.day(open_release().business_date)
    assert pdf.metadata.title == f"Dossier du compte {account} au {day}"
    assert lines > 40
    charged = query("select charge_id from contribution.fct_charges where account_id = $a"
                    " and gross_amount > 0", a=account)  # fmt: skip
    assert [one for (one,) in charged if one not in text] == []
    assert FRENCH.euros(owed) in text
    assert told.text("notebook_intro")[:30] not in text
    clocks = tables["clocks"].rows
    days = (clocks["prescription_date"] - pd.Timestamp(told.release.business_date)).dt.days
    assert list(clocks["days_left"]) == list(days)
    assert told.looked_on > told.release.business_date
