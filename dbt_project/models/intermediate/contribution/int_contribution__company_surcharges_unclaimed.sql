-- Surcharges of companies that the law asks and no notice claims. They run by the month until the contribution is paid
-- or the writ served; no day is set for the notice, so nothing is missing before, nor until the quarter after is over.
with claimed as (
    select
        related_charge_number,
        sum(gross_amount - cancelled_amount) as claimed_amount,
        max(issue_date) as issue_date
    from {{ ref('int_contribution__surcharges_charged') }}
    where charge_type = 'company_surcharge'
    group by related_charge_number
),

claims as (
    select
        ledger.charge_number,
        ledger.account_key,
        ledger.contribution_year,
        ledger.due_date,
        ledger.net_amount,
        coalesce(least(ledger.settled_date, stops.stop_date), ledger.settled_date, stops.stop_date) as until_date
    from {{ charges_resurcharged() }} as ledger
    left join {{ ref('int_contribution__surcharges_stopped') }} as stops on ledger.charge_number = stops.charge_number
    where
        ledger.charge_type = 'company_contribution'
        and ledger.net_amount > 0
        and ledger.due_date >= {{ year_start(first_year()) }}
        and (ledger.settled_date is null or ledger.settled_date > ledger.due_date)
        and {{ only_resurcharged_keys('ledger.account_key') }}
),

-- A notice that came later has the last word: it is compared with the law itself.
ended as (
    select
        claims.*,
        coalesce(claimed.claimed_amount, 0) as claimed_amount
    from claims
    left join claimed on claims.charge_number = claimed.related_charge_number
    where
        claims.until_date > claims.due_date
        and {{ quarter_index('claims.until_date') }} <= {{ quarter_index(as_of_date()) }} - 2
        and (claimed.issue_date is null or claimed.issue_date < claims.until_date)
),

parts as (
    select
        ended.charge_number,
        allocations.value_date as part_date,
        sum(allocations.allocated_amount) as part_amount
    from ended
    inner join {{ ref('fct_allocations_ledger') }} as allocations
        on ended.charge_number = allocations.charge_number and ended.until_date >= allocations.value_date
    group by ended.charge_number, allocations.value_date
),

parts_and_rest as (
    select * from parts
    union all
    select
        ended.charge_number,
        ended.until_date as part_date,
        ended.net_amount - coalesce(sum(parts.part_amount), 0) as part_amount
    from ended
    left join parts on ended.charge_number = parts.charge_number
    group by ended.charge_number, ended.until_date, ended.net_amount
),

months as (
    select
        ended.charge_number,
        ended.account_key,
        ended.contribution_year,
        sum({{ surcharge_amount(
            'parts_and_rest.part_amount', 'rules.value', months_of_delay('ended.due_date', 'parts_and_rest.part_date')
        ) }}) - ended.claimed_amount as expected_amount
    from ended
    inner join parts_and_rest on ended.charge_number = parts_and_rest.charge_number
    inner join {{ ref('law_surcharges') }} as rules
        on
            rules.surcharge_kind = 'company'
            and rules.period = 'month'
            and {{ is_in_force('rules', 'ended.due_date') }}
    group by ended.charge_number, ended.account_key, ended.contribution_year, ended.claimed_amount
)

select
    charge_number as related_charge_number,
    account_key,
    contribution_year,
    expected_amount
from months
where expected_amount > 0
