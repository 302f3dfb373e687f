-- Records of T13 and T14 of statistics-tables.md: claims, their decisions, payments, what was paid unduly and what came
-- back of it, each on its day. All codes of a claim hold for what follows from it. A value is empty where the record is
-- not of the population of its measure.
with claims as (
    select
        claims.claim_id,
        claims.affiliate_id,
        claims.benefit,
        case
            when claims.benefit in ('bridging_right', 'informal_carer') then coalesce(claims.cause, 'unknown')
            else '_Z'
        end as cause,
        -- S2: a decision dated after the as-of date has not been taken.
        case when claims.decision_date > as_of_date() then 'pending' else coalesce(claims.decision, 'pending') end
            as decision,
        case claims.with_family_charge when true then 'yes' when false then 'no' else 'unknown' end as family_charge,
        described.sex,
        described.age_class,
        described.branch,
        described.region_nis as region,
        claims.submitted_date,
        claims.decision_date
    from {{ ref('fct_claims') }} as claims
    inner join {{ ref('int_population__affiliates_described') }} as described
        on claims.affiliate_id = described.affiliate_id and claims.event_date = described.event_date
),

records as (
    select
        claim_id,
        submitted_date as record_date,
        1 as requests
    from claims
    union all by name
    select
        claim_id,
        decision_date as record_date,
        1 as decisions
    from claims
    where decision <> 'pending' and decision_date is not null
    union all by name
    -- A reversal is an amount below 0: it lessens what was paid, and is no payment.
    select
        claim_id,
        paid_date as record_date,
        unit as payment_unit,
        case when amount > 0 then 1 else 0 end as payments,
        case when amount > 0 then units end as units,
        amount as paid_amount
    from {{ ref('fct_payments') }}
    where paid_date is not null
    union all by name
    select
        claim_id,
        established_date as record_date,
        1 as undue_files,
        amount as undue_amount
    from {{ ref('mart_overpayments') }}
    union all by name
    select
        overpayments.claim_id,
        movements.movement_date as record_date,
        movements.amount as undue_repaid_amount
    from {{ ref('stg_overpayment_movements') }} as movements
    inner join {{ ref('mart_overpayments') }} as overpayments on movements.overpayment_id = overpayments.overpayment_id
    where movements.kind in ('repayment', 'withholding')
),

-- S1: the year, quarter and month of a record.
periods as (
    select
        records.*,
        unnest([  -- noqa: AL03
            {
                'frequency': 'year',
                'ref_period': year_text(records.record_date),
                'last_day': make_date(year(records.record_date), 12, 31)
            },
            {
                'frequency': 'quarter',
                'ref_period': quarter_text(records.record_date),
                'last_day': quarter_end(records.record_date)
            },
            {
                'frequency': 'month',
                'ref_period': month_text(records.record_date),
                'last_day': last_day(records.record_date)
            }
        ], recursive := true)
    from records
)

select
    periods.frequency,
    periods.ref_period,
    claims.affiliate_id,
    claims.benefit,
    claims.cause,
    claims.decision,
    periods.payment_unit,
    claims.family_charge,
    claims.sex,
    claims.age_class,
    claims.branch,
    claims.region,
    cast(periods.requests as decimal(18, 2)) as requests,
    cast(periods.decisions as decimal(18, 2)) as decisions,
    cast(periods.payments as decimal(18, 2)) as payments,
    cast(periods.units as decimal(18, 2)) as units,
    cast(periods.paid_amount as decimal(18, 2)) as paid_amount,
    cast(periods.undue_files as decimal(18, 2)) as undue_files,
    cast(periods.undue_amount as decimal(18, 2)) as undue_amount,
    cast(periods.undue_repaid_amount as decimal(18, 2)) as undue_repaid_amount
from periods
inner join claims on periods.claim_id = claims.claim_id
where periods.last_day <= as_of_date()
