"""The synthetic fund as an expert would look at it: shares, order of steps, ledger, deltas."""

import csv

import pytest

from .conftest import keys

DAY = "'2026-09-30'"
IN_STOCK = f"start_date <= {DAY} and (end_date is null or end_date >= {DAY})"


def test_stock_and_its_shares(fund):
    stock = fund.one(f"select count(distinct affiliate_id) from affiliations where {IN_STOCK}")
    assert abs(stock - 400) <= 8  # some entries of the deltas, some late cessations

    def share(condition: str) -> float:
        return fund.one(
            f"select avg(({condition})::int) from affiliations where {IN_STOCK} "
            "and coalesce(end_reason, '') <> 'annulled'"
        )

    assert share("category in ('complementary', 'article_37', 'student')") == pytest.approx(
        0.22, abs=0.06
    )
    assert share("category in ('pensioner', 'early_pensioner')") == pytest.approx(0.26, abs=0.07)
    origin = fund.rows(
        f"select arg_max(a.origin, a.start_date || a.affiliation_id) from affiliations a "
        f"where origin <> 'category_change' and affiliate_id in "
        f"(select affiliate_id from affiliations where {IN_STOCK}) group by affiliate_id"
    )
    by_fund = sum(row[0] == "ex_officio" for row in origin) / len(origin)
    assert by_fund == pytest.approx(0.75, abs=0.07)


def test_companies_in_stock(fund):
    open_ = fund.one(
        "select count(*) from companies where status not in ('closed', 'transferred_out')"
    )
    assert open_ == 250


def test_periods_of_a_person_do_not_overlap(fund):
    assert (
        fund.one(
            "select count(*) from affiliations a join affiliations b on a.affiliate_id = "
            "b.affiliate_id and a.affiliation_id < b.affiliation_id "
            "where a.start_date <= coalesce(b.end_date, '9999') "
            "and b.start_date <= coalesce(a.end_date, '9999')"
        )
        == 0
    )


def test_crisis_peaks(fund):
    """Bridging right peaks in 2020, relief in 2020 and 2021."""
    by_year = dict(
        fund.rows(
            "select left(event_date, 4), count(*) from benefit_claims "
            "where benefit = 'bridging_right' group by 1"
        )
    )
    assert max(by_year, key=by_year.get) == "2020"
    relief = dict(
        fund.rows(
            "select left(submitted_date, 4), count(*) from relief_requests "
            "where kind in ('exemption', 'deferral') group by 1"
        )
    )
    assert sum(relief.get(y, 0) for y in ("2020", "2021")) > 0.4 * sum(relief.values())


def test_most_pay_late_and_some_never(fund):
    """Share collected of the contributions of an old and a recent year, payments naming them or
    not: between what is plausible for this fund."""
    claimed, paid = fund.con.execute(
        "select (select sum(amount::decimal(14, 2)) from charges where account_id like 'A%' "
        "and charge_type in ('provisional', 'regularisation', 'cancellation')), "
        "(select sum(amount::decimal(14, 2)) from payments where account_id like 'A%')"
    ).fetchone()
    assert 0.70 < float(paid / claimed) < 0.98


def test_recovery_steps_in_legal_order(fund):
    first = (
        "select case_id, min(step_date) filter (step_type = 'reminder') r, "
        "min(step_date) filter (step_type = 'formal_notice') f, "
        "min(step_date) filter (step_type = 'registered_letter') l, "
        "min(step_date) filter (step_type = 'writ_issued') w, "
        "min(step_date) filter (step_type = 'writ_served') s from recovery_steps group by 1"
    )
    planted = {
        entry["key"]
        for name in ("reminder", "formal_notice", "registered_letter")
        for entry in fund.truth.get(f"missing_{name}", [])
        if entry["first_judicial_date"] <= "2026-09-30"
    }
    wrong = {
        row[0]
        for row in fund.rows(
            f"select case_id from ({first}) where w is not null and "
            "not coalesce(r < f and f < l and l < w, false)"
        )
    }
    assert wrong == planted
    assert fund.one(f"select count(*) from ({first}) where s is not null and not s > w") == 0


def test_personal_contact_before_the_first_judicial_step(fund):
    rows = fund.rows(
        "with j as (select account_id, min(step_date) d from recovery_steps "
        "join recovery_cases using (case_id) "
        "where step_type in ('writ_issued', 'writ_served', 'summons') group by 1) "
        "select account_id from j where not exists (select 1 from recovery_steps s "
        "join recovery_cases c using (case_id) where c.account_id = j.account_id "
        "and s.step_type = 'proactive_contact' and s.outcome <> 'not_reached' "
        "and date_diff('day', s.step_date::date, j.d::date) between 1 and 180)"
    )
    accounts = {
        entry["account_id"]
        for entry in fund.truth.get("missing_contact", [])
        if entry["first_judicial_date"] <= "2026-09-30"
    }
    assert {row[0] for row in rows} == accounts


def test_open_judicial_cases_have_a_recent_step(fund):
    rows = fund.rows(
        "select case_id from recovery_cases join recovery_steps using (case_id) "
        "where closed_date is null group by 1 "
        "having bool_or(step_type in ('writ_issued', 'writ_served')) "
        "and max(step_date::date) < date '2026-09-30' - 90"
    )
    assert {row[0] for row in rows} == fund.planted("stalled_case")


def test_a_claim_after_a_settlement_of_debts_has_its_insolvency(fund):
    (counts,) = fund.rows(
        "select count(*), count(*) filter (exists (select 1 from insolvencies i"
        " where i.account_id = c.affiliate_id and i.kind = 'collective_debt_settlement'"
        " and i.opened_date <= c.submitted_date)) from benefit_claims c"
        " where cause = 'debt_settlement'"
    )
    assert counts[0] == counts[1] > 0


def test_ledger_reconciles_but_for_the_planted_months(fund):
    rows = fund.rows(
        """
        with kinds as (
            select c.issue_date, c.amount,
                   case when c.charge_type = 'cancellation' then r.charge_type
                        else c.charge_type end as kind
            from charges c left join charges r on r.charge_id = c.related_charge_id
        ), booked as (
            select left(issue_date, 7) period, case
                when kind in ('provisional', 'regularisation') then 'contributions_charged'
                when kind = 'company_contribution' then 'company_contributions_charged'
                else 'surcharges_charged' end as line, amount from kinds
            union all select left(value_date, 7), 'payments_received', amount from payments
            union all select left(effective_date, 7), 'relief_granted', amount from relief_effects
            union all select left(paid_date, 7), 'benefits_paid', amount from benefit_payments
                where paid_date is not null
            union all select left(established_date, 7), 'overpayments_established', amount
                from benefit_overpayments
        ), summed as (
            select period, line, sum(amount::decimal(18, 2)) as total from booked group by all
        )
        select coalesce(s.period, g.period) || '|' || coalesce(s.line, g.ledger_line)
        from summed s full join ledger_totals g on g.period = s.period and g.ledger_line = s.line
        where s.total is distinct from g.amount::decimal(18, 2)
        """
    )
    assert {row[0] for row in rows} == fund.planted("ledger_difference")


def test_deltas_touch_what_exists(fund):
    """Deletes name known keys; upserts name known accounts; something of each kind happens."""
    seen = set()
    known: dict[str, set] = {}
    for folder in fund.deltas:
        for path in sorted(folder.glob("*.csv")):
            extract = path.stem
            if extract not in known:
                key = " || '|' || ".join(keys(extract))
                known[extract] = {row[0] for row in fund.rows(f"select {key} from {extract}")}
            with open(path, encoding="utf-8", newline="") as handle:
                rows = list(csv.DictReader(handle))
            for row in rows:
                key = "|".join(row[name] for name in keys(extract))
                if row["_op"] == "D":
                    assert key in known[extract]
                    known[extract].discard(key)
                    seen.add("delete")
                else:
                    seen.add("update" if key in known[extract] else "insert")
                    known[extract].add(key)
    assert seen == {"insert", "update", "delete"}


def test_corrections_close_quarantine(fund):
    refused = {(e["extract"], e["key"]) for e in fund.truth["quarantine"]}
    for entry in fund.truth["quarantine_corrected"]:
        assert (entry["extract"], entry["key"]) in refused
        path = fund.out / entry["delivery_id"] / f"{entry['extract']}.csv"
        assert entry["key"].split("|")[0] in path.read_text(encoding="utf-8")


def test_late_service_is_what_the_truth_says(fund):
    """Notices, transmissions and benefit payments past their date are all planted."""
    late = {r[0] for r in fund.rows(
        "select notice_id from notices where sent_date > latest_date "
        "and kind in ('due_notice', 'regularisation_notice', 'company_notice')")}  # fmt: skip
    assert late <= fund.planted("late_notice")
    late = {r[0] for r in fund.rows(
        "select transmission_id from transmissions where sent_date > due_date")}  # fmt: skip
    assert late <= fund.planted("late_transmission")
    late = {r[0] for r in fund.rows(
        "select benefit_payment_id from benefit_payments where paid_date > due_date")}  # fmt: skip
    assert late <= fund.planted("late_benefit_payment")
    late = {r[0] for r in fund.rows(
        "select insolvency_id from insolvencies "
        "where claim_filed_date > claim_deadline")}  # fmt: skip
    assert late <= fund.planted("late_insolvency_claim")
