{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- Surcharges that the law asks and nobody claimed, with what may have held the notice back. A notice leaves in the
-- quarter after; until that is over nothing is missing.
with charged as (
    select * from {{ ref('int_law__surcharges_charged') }}
),

asked as (
    select * from {{ ref('int_law__surcharges_asked') }}
    where
        expected_amount > 0
        and quarter_index(fall_date) <= quarter_index(as_of_date()) - 2
        and in_slice(account_id)
),

unnoticed as (
    select asked.*
    from asked
    anti join charged
        on
            asked.charge_id = charged.related_charge_id
            and asked.account_id = charged.account_id
            and asked.charge_type = charged.charge_type
            and asked.fall_date = charged.fall_date
),

-- A claim with as many notices as the law asks surcharges misses none, whichever quarter ends they look back on.
asked_of_claims as (
    select
        charge_id,
        charge_type,
        count(*) as asked_count
    from asked
    where charge_id in (select unnoticed.charge_id from unnoticed)
    group by charge_id, charge_type
),

charged_on_claims as (
    select
        related_charge_id as charge_id,
        charge_type,
        count(*) as charged_count
    from charged
    where related_charge_id in (select unnoticed.charge_id from unnoticed)
    group by related_charge_id, charge_type
),

of_affiliates as (
    select
        unnoticed.charge_id,
        unnoticed.account_id,
        unnoticed.charge_type,
        unnoticed.surcharge_kind,
        unnoticed.contribution_year * 4 + coalesce(unnoticed.contribution_quarter, 1) - 1 as first_quarter,
        unnoticed.contribution_year * 4 + coalesce(unnoticed.contribution_quarter, 4) - 1 as last_quarter,
        unnoticed.contribution_year,
        unnoticed.nature,
        unnoticed.fall_date,
        unnoticed.unpaid_amount,
        unnoticed.expected_amount
    from unnoticed
    inner join asked_of_claims
        on unnoticed.charge_id = asked_of_claims.charge_id and unnoticed.charge_type = asked_of_claims.charge_type
    left join charged_on_claims
        on unnoticed.charge_id = charged_on_claims.charge_id and unnoticed.charge_type = charged_on_claims.charge_type
    where asked_of_claims.asked_count > coalesce(charged_on_claims.charged_count, 0)
),

claimed_of_companies as (
    select
        related_charge_id as charge_id,
        sum(gross_amount - cancelled_amount) as claimed_amount,
        max(issue_date) as issue_date
    from charged
    where charge_type = 'company_surcharge'
    group by related_charge_id
),

-- Of companies they run until the contribution is paid or the writ served; no day is set for the notice. One that came
-- later has the last word: it is compared with the law itself.
of_companies as (
    select
        claims.charge_id,
        claims.account_id,
        'company_surcharge' as charge_type,
        'company' as surcharge_kind,
        claims.contribution_year * 4 as first_quarter,
        claims.contribution_year * 4 + 3 as last_quarter,
        claims.contribution_year,
        claims.nature,
        null as fall_date,
        null as unpaid_amount,
        asked.expected_amount - coalesce(claimed.claimed_amount, 0) as expected_amount
    from {{ ref('int_law__claims_dated') }} as claims
    inner join {{ ref('int_law__company_surcharges_asked') }} as asked
        on
            claims.charge_id = asked.charge_id
            and least(claims.settled_date, claims.stop_date) = asked.until_date
            and in_slice(asked.account_id)
    left join claimed_of_companies as claimed on claims.charge_id = claimed.charge_id
    where
        claims.surcharge_kind = 'company'
        and claims.net_amount > 0
        and claims.due_date >= year_start(first_year())
        and (claims.settled_date is null or claims.settled_date > claims.due_date)
        and asked.until_date > claims.due_date
        and quarter_index(asked.until_date) <= quarter_index(as_of_date()) - 2
        and (claimed.issue_date is null or claimed.issue_date < asked.until_date)
        and asked.expected_amount > coalesce(claimed.claimed_amount, 0)
        and in_slice(claims.account_id)
),

unclaimed as (
    select * from of_affiliates
    union all
    select * from of_companies
),

-- A request that covers the quarter, or names none, may have held the notice back. A deferral moves the due date by a
-- year (legal parameters 1.6); where the charge does not show it yet, the request says it.
requests as (
    select
        account_id,
        kind,
        decision is null as is_pending,
        coalesce(quarter_text_index(from_quarter), 0) as first_quarter,
        coalesce(quarter_text_index(to_quarter), quarter_text_index(from_quarter), 100000) as last_quarter
    from {{ ref('stg_relief_requests') }}
    where
        kind in ('surcharge_waiver', 'exemption', 'deferral')
        and (decision is null or (decision in ('granted', 'partial') and kind <> 'exemption'))
),

requested as (
    select
        unclaimed.charge_id,
        unclaimed.charge_type,
        unclaimed.fall_date,
        bool_or(requests.kind = 'surcharge_waiver' and not requests.is_pending) as is_waived,
        bool_or(
            requests.kind = 'deferral' and not requests.is_pending
            and quarter_index(unclaimed.fall_date) < unclaimed.last_quarter + 4
        ) as is_deferred,
        bool_or(requests.is_pending) as is_pending
    from unclaimed
    inner join requests
        on
            unclaimed.account_id = requests.account_id
            and unclaimed.last_quarter >= requests.first_quarter
            and unclaimed.first_quarter <= requests.last_quarter
    group by unclaimed.charge_id, unclaimed.charge_type, unclaimed.fall_date
),

-- What came in by a delta, after the delivery that holds everything: a refund or a charge of long ago that is learned
-- only now may uncover what was covered when the notice should have left.
full_delivery as (
    select max(business_date) as business_date
    from {{ source('raw', '_deliveries') }}
    where mode = 'full'
),

learned as (
    select
        payments.account_id,
        payments.value_date as known_for_date,
        payments._business_date as known_date
    from {{ ref('stg_payments') }} as payments
    inner join full_delivery on payments._business_date > full_delivery.business_date
    union all
    select
        charges.account_id,
        charges.issue_date as known_for_date,
        charges._business_date as known_date
    from {{ ref('stg_charges') }} as charges
    inner join full_delivery on charges._business_date > full_delivery.business_date
),

learned_later as (
    select distinct
        unclaimed.charge_id,
        unclaimed.charge_type,
        unclaimed.fall_date
    from unclaimed
    inner join learned
        on
            unclaimed.account_id = learned.account_id
            and unclaimed.fall_date >= learned.known_for_date
            and quarter_index(learned.known_date) > quarter_index(unclaimed.fall_date) + 1
)

select
    unclaimed.charge_id as related_charge_id,
    unclaimed.account_id,
    unclaimed.charge_type,
    unclaimed.surcharge_kind,
    unclaimed.contribution_year,
    unclaimed.nature,
    unclaimed.fall_date,
    unclaimed.unpaid_amount,
    unclaimed.expected_amount,
    case
        when requested.is_waived then 'waiver_granted'
        when requested.is_deferred then 'deferral_granted'
        when requested.is_pending then 'relief_pending'
        when learned_later.charge_id is not null then 'known_later'
        else 'not_claimed'
    end as difference_reason
from unclaimed
left join requested
    on
        unclaimed.charge_id = requested.charge_id
        and unclaimed.charge_type = requested.charge_type
        and unclaimed.fall_date is not distinct from requested.fall_date
left join learned_later
    on
        unclaimed.charge_id = learned_later.charge_id
        and unclaimed.charge_type = learned_later.charge_type
        and unclaimed.fall_date = learned_later.fall_date
