{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- What is claimed beside what the law asks on the principal that was unpaid then, and what it asks and nobody claimed.
with charged as (
    select * from {{ ref('int_law__surcharges_charged') }}
),

claims as (
    select * from {{ ref('int_law__claims_dated') }}
    where in_slice(account_id)
),

-- A notice to a company asks what the notices before it left out.
notices_to_companies as (
    select
        charged.charge_id,
        asked.expected_amount - coalesce(sum(charged.gross_amount - charged.cancelled_amount) over (
            partition by charged.related_charge_id
            order by charged.issue_date, charged.charge_id
            rows between unbounded preceding and 1 preceding
        ), 0) as expected_amount
    from charged
    inner join claims on charged.related_charge_id = claims.charge_id and charged.account_id = claims.account_id
    inner join {{ ref('int_law__company_surcharges_asked') }} as asked
        on
            claims.charge_id = asked.charge_id
            and least(charged.issue_date, claims.stop_date) = asked.until_date
            and in_slice(asked.account_id)
    where charged.charge_type = 'company_surcharge'
),

compared as (
    select
        charged.*,
        case when reductions.charge_id is not null then 'reduction' else claims.surcharge_kind end as surcharge_kind,
        coalesce(reductions.unpaid_amount, asked.unpaid_amount) as unpaid_amount,
        case
            when claims.surcharge_kind is not null then coalesce(
                reductions.expected_amount,
                companies.expected_amount,
                asked.expected_amount,
                0
            )
        end as expected_amount,
        asked.expected_before_relief
    from charged
    -- A surcharge is measured by a claim of its own account; one of another account is none.
    left join claims on charged.related_charge_id = claims.charge_id and charged.account_id = claims.account_id
    left join {{ ref('int_law__reductions_surcharged') }} as reductions
        on charged.charge_id = reductions.charge_id and in_slice(reductions.account_id)
    left join notices_to_companies as companies on charged.charge_id = companies.charge_id
    left join {{ ref('int_law__surcharges_asked') }} as asked
        on
            charged.related_charge_id = asked.charge_id
            and charged.account_id = asked.account_id
            and charged.charge_type = asked.charge_type
            and charged.fall_date = asked.fall_date
            and in_slice(asked.account_id)
),

claimed as (
    select
        charge_id,
        account_id,
        charge_type,
        related_charge_id,
        surcharge_kind,
        contribution_year,
        nature,
        fall_date,
        unpaid_amount,
        gross_amount,
        expected_amount,
        case
            when surcharge_kind is null then 'no_related_claim'
            when gross_amount = expected_amount then null
            when cancelled_amount >= gross_amount then 'later_correction'
            when gross_amount = expected_before_relief then 'later_relief'
            else 'unexplained'
        end as difference_reason
    from compared
),

unclaimed as (
    select
        null as charge_id,
        account_id,
        charge_type,
        related_charge_id,
        surcharge_kind,
        contribution_year,
        nature,
        fall_date,
        unpaid_amount,
        0 as gross_amount,
        expected_amount,
        difference_reason
    from {{ ref('int_law__surcharges_unclaimed') }}
    where in_slice(account_id)
),

surcharges as (
    select * from claimed
    union all
    select * from unclaimed
)

select
    charge_id,
    account_id,
    charge_type,
    related_charge_id,
    surcharge_kind,
    contribution_year,
    nature,
    fall_date,
    cast(unpaid_amount as decimal(18, 2)) as unpaid_amount,
    cast(gross_amount as decimal(18, 2)) as gross_amount,
    cast(expected_amount as decimal(18, 2)) as expected_amount,
    cast(gross_amount - expected_amount as decimal(18, 2)) as difference_amount,
    difference_reason
from surcharges
