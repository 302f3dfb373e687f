{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- Surcharges on a provisional contribution that was never paid late: the ordinary rules ask none, so what is claimed on
-- a reduced one, from the end of its year on, can only be that of an unjustified reduction (AR 38 art. 11bis). Notices
-- may look back on several quarters: what is asked up to a notice, less what was claimed before it.
with charges as (
    select
        *,
        contribution_year * 4 + contribution_quarter - 1 as quarter_number,
        make_date(contribution_year, 12, 31) as year_end
    from {{ ref('fct_charges') }}
    where in_slice(account_id)
),

notices as (
    select
        charged.charge_id,
        charged.charge_type,
        charged.related_charge_id,
        charged.issue_date,
        charged.gross_amount - charged.cancelled_amount as claimed_amount,
        charged.fall_date,
        reduced.account_id,
        reduced.contribution_year,
        reduced.contribution_quarter,
        reduced.quarter_number,
        reduced.gross_amount as reduced_amount,
        reduced.year_end
    from {{ ref('int_law__surcharges_charged') }} as charged
    inner join charges as reduced
        on charged.related_charge_id = reduced.charge_id and charged.account_id = reduced.account_id
    where
        reduced.charge_type = 'provisional'
        and reduced.settled_date <= reduced.due_date
        and charged.fall_date >= reduced.year_end
),

granted as (
    select distinct notices.charge_id
    from notices
    inner join {{ ref('stg_relief_requests') }} as requests
        on
            notices.account_id = requests.account_id
            and requests.kind = 'reduction'
            and requests.decision in ('granted', 'partial')
            and notices.quarter_number between quarter_text_index(requests.from_quarter)
            and coalesce(quarter_text_index(requests.to_quarter), notices.contribution_year * 4 + 3)
),

settlements as (
    select
        notices.charge_id,
        min(charges.issue_date) as settlement_date
    from notices
    inner join charges
        on
            notices.account_id = charges.account_id
            and notices.contribution_year = charges.contribution_year
            and charges.charge_type = 'regularisation'
    group by notices.charge_id
),

-- What the reduction left out: the definitive amount, at most the legal provisional one, less what was asked.
short as (
    select
        notices.*,
        greatest(
            least(quarters.expected_final, quarters.expected_provisional) - notices.reduced_amount, 0
        ) as short_amount,
        least(quarter_index(notices.fall_date), last_surcharge_quarter(settlements.settlement_date)) as last_quarter
    from notices
    inner join granted on notices.charge_id = granted.charge_id
    inner join {{ ref('int_law__quarters_assessed') }} as quarters
        on
            notices.account_id = quarters.affiliate_id
            and notices.contribution_year = quarters.contribution_year
            and notices.contribution_quarter = quarters.contribution_quarter
            and in_slice(quarters.affiliate_id)
    left join settlements on notices.charge_id = settlements.charge_id
    where quarters.expected_final is not null and quarters.expected_provisional is not null
),

asked as (
    select
        short.*,
        surcharge_amount(short.short_amount, rules.value) * case rules.period
            when 'quarter' then greatest(short.last_quarter - first_surcharge_quarter(short.year_end, rules) + 1, 0)
            else 1
        end as total_amount
    from short
    inner join {{ ref('law_surcharges') }} as rules
        on
            rules.surcharge_kind = 'reduction'
            and rules.period = case short.charge_type when 'surcharge_quarterly' then 'quarter' else 'year' end
            and is_in_force(rules, short.year_end)
)

select
    charge_id,
    account_id,
    short_amount as unpaid_amount,
    greatest(total_amount - coalesce(sum(claimed_amount) over (
        partition by related_charge_id, charge_type
        order by issue_date, charge_id
        rows between unbounded preceding and 1 preceding
    ), 0), 0) as expected_amount
from asked
