{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='int_contribution__accounts_resurcharged',
    touched_by='account_key'
) }}
-- depends_on: {{ ref('int_contribution__accounts_resurcharged') }}

-- Surcharges that the law asks and nobody claimed, with what may have held the notice back.
with owed as (
    select
        related_charge_number,
        account_key,
        {{ account_id('account_key') }} as account_id,
        charge_type,
        surcharge_kind,
        contribution_year * 4 + coalesce(contribution_quarter, 1) - 1 as first_index,
        contribution_year * 4 + coalesce(contribution_quarter, 4) - 1 as last_index,
        fall_date,
        unpaid_amount,
        expected_amount
    from {{ ref('int_contribution__surcharges_unclaimed') }}
    union all
    select
        related_charge_number,
        account_key,
        {{ account_id('account_key') }} as account_id,
        'company_surcharge' as charge_type,
        'company' as surcharge_kind,
        contribution_year * 4 as first_index,
        contribution_year * 4 + 3 as last_index,
        null as fall_date,
        null as unpaid_amount,
        expected_amount
    from {{ ref('int_contribution__company_surcharges_unclaimed') }}
),

-- A request that covers the quarter, or names none, may have held the notice back. A deferral moves the due date by a
-- year (legal parameters 1.6); where the charge does not show it yet, the request says it.
requests as (
    select
        account_id,
        kind,
        decision,
        coalesce({{ quarter_text_index('from_quarter') }}, 0) as first_index,
        coalesce({{ quarter_text_index('to_quarter') }}, {{ quarter_text_index('from_quarter') }}, 100000) as last_index
    from {{ ref('stg_relief_requests') }}
    where
        kind in ('surcharge_waiver', 'exemption', 'deferral')
        and (decision is null or (decision in ('granted', 'partial') and kind <> 'exemption'))
        and {{ only_resurcharged('account_id') }}
),

requested as (
    select
        owed.related_charge_number,
        owed.charge_type,
        owed.fall_date,
        max(case when requests.kind = 'surcharge_waiver' and requests.decision is not null then 1 end) as is_waived,
        max(case
            when
                requests.kind = 'deferral' and requests.decision is not null
                and {{ quarter_index('owed.fall_date') }} < owed.last_index + 4
                then 1
        end) as is_deferred,
        max(case when requests.decision is null then 1 end) as is_pending
    from owed
    inner join requests
        on
            owed.account_id = requests.account_id
            and owed.last_index >= requests.first_index
            and owed.first_index <= requests.last_index
    group by owed.related_charge_number, owed.charge_type, owed.fall_date
),

-- What is in force and came in by a delta, after the delivery that holds everything: a refund or a charge of long ago
-- that is learned only now may uncover what was covered when the notice should have left.
learned as (
    select
        account_id,
        value_date as known_for_date,
        _business_date
    from {{ ref('stg_payments') }}
    where _business_date > {{ full_date() }} and account_id in (select owed.account_id from owed)
    union all
    select
        account_id,
        issue_date as known_for_date,
        _business_date
    from {{ ref('stg_charges') }}
    where _business_date > {{ full_date() }} and account_id in (select owed.account_id from owed)
),

learned_later as (
    select distinct
        owed.related_charge_number,
        owed.charge_type,
        owed.fall_date
    from owed
    inner join learned
        on
            owed.account_id = learned.account_id
            and owed.fall_date >= learned.known_for_date
            and {{ quarter_index('learned._business_date') }} > {{ quarter_index('owed.fall_date') }} + 1
)

select
    owed.account_key,
    owed.charge_type,
    owed.related_charge_number,
    owed.surcharge_kind,
    owed.fall_date,
    cast(owed.unpaid_amount as decimal(18, 2)) as unpaid_amount,
    cast(owed.expected_amount as decimal(18, 2)) as expected_amount,
    case
        when requested.is_waived = 1 then 'waiver_granted'
        when requested.is_deferred = 1 then 'deferral_granted'
        when requested.is_pending = 1 then 'relief_pending'
        when learned_later.related_charge_number is not null then 'known_later'
        else 'not_claimed'
    end as difference_reason
from owed
left join requested
    on
        owed.related_charge_number = requested.related_charge_number
        and owed.charge_type = requested.charge_type
        and owed.fall_date is not distinct from requested.fall_date
left join learned_later
    on
        owed.related_charge_number = learned_later.related_charge_number
        and owed.charge_type = learned_later.charge_type
        and owed.fall_date = learned_later.fall_date
