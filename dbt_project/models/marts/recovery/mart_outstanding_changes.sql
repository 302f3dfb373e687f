-- From what was expected at the last release to what is expected now. A debt that is written off or prescribed stays in
-- the ledger but is expected no longer. Everything that happened to a charge is told where the charge stands now; one
-- that changed its stage or nature first moves there with what was expected of it.
with previous_release as (
    select max(business_date) as since_date
    from {{ source('previous_meta', 'release') }}
),

now_open as (
    select
        charge_id,
        nature,
        stage,
        case when is_written_off then outstanding_amount else 0 end as written_off_amount,
        case when not is_written_off and prescription_date <= as_of_date() then outstanding_amount else 0 end
            as prescribed_amount,
        case when not is_written_off and prescription_date > as_of_date() then outstanding_amount else 0 end
            as outstanding_amount
    from {{ ref('fct_open_charges') }}
),

was_open as (
    select
        charges.charge_id,
        charges.nature,
        charges.stage,
        case when charges.is_written_off then charges.outstanding_amount else 0 end as written_off_amount,
        case
            when not charges.is_written_off and charges.prescription_date <= previous_release.since_date
                then charges.outstanding_amount
            else 0
        end as prescribed_amount,
        case
            when not charges.is_written_off and charges.prescription_date > previous_release.since_date
                then charges.outstanding_amount
            else 0
        end as outstanding_amount
    from {{ source('previous_recovery', 'fct_open_charges') }} as charges
    cross join previous_release
),

places as (
    select
        coalesce(now_open.charge_id, was_open.charge_id) as charge_id,
        was_open.nature as nature_before,
        was_open.stage as stage_before,
        coalesce(now_open.nature, was_open.nature) as nature,
        coalesce(now_open.stage, was_open.stage) as stage,
        was_open.nature <> now_open.nature or was_open.stage <> now_open.stage as has_moved,
        coalesce(was_open.outstanding_amount, 0) as outstanding_before,
        coalesce(now_open.outstanding_amount, 0) as outstanding_after,
        coalesce(now_open.written_off_amount, 0) > 0 as is_written_off,
        coalesce(now_open.written_off_amount, 0) + coalesce(now_open.prescribed_amount, 0)
        - coalesce(was_open.written_off_amount, 0) - coalesce(was_open.prescribed_amount, 0) as given_up_amount
    from now_open
    full outer join was_open on now_open.charge_id = was_open.charge_id
),

-- The ledger now, less the ledger before.
ledger as (
    select
        charge_id,
        nature,
        greatest(gross_amount, 0) as claimed_amount,
        greatest(gross_amount, 0) - net_amount as relieved_amount,
        collected_amount,
        credited_amount
    from {{ ref('fct_charges') }}
    union all
    select
        charge_id,
        nature,
        -greatest(gross_amount, 0) as claimed_amount,
        net_amount - greatest(gross_amount, 0) as relieved_amount,
        -collected_amount as collected_amount,
        -credited_amount as credited_amount
    from {{ source('previous_contribution', 'fct_charges') }}
),

changes as (
    select
        coalesce(places.nature, ledger.nature) as nature,
        coalesce(places.stage, 'none') as stage,
        sum(ledger.claimed_amount) as newly_claimed_amount,
        sum(ledger.collected_amount) as collected_amount,
        sum(ledger.relieved_amount) as relieved_amount,
        sum(ledger.credited_amount) as credited_amount
    from ledger
    left join places on ledger.charge_id = places.charge_id
    group by all
    union all by name
    select
        nature,
        stage,
        sum(outstanding_before) filter (where has_moved) as moved_in_amount,
        sum(given_up_amount) filter (where given_up_amount > 0 and is_written_off) as written_off_amount,
        sum(given_up_amount) filter (where given_up_amount > 0 and not is_written_off) as prescribed_amount,
        -- What was no longer expected and is paid, taken off or expected again: a movement of its own, so that neither
        -- of the two above has the other sign.
        -sum(given_up_amount) filter (where given_up_amount < 0) as reinstated_amount,
        sum(outstanding_after) as outstanding_end_amount
    from places
    group by all
    union all by name
    select
        nature_before as nature,
        stage_before as stage,
        sum(outstanding_before) as outstanding_start_amount,
        sum(outstanding_before) filter (where has_moved) as moved_out_amount
    from places
    where nature_before is not null
    group by all
)

select
    previous_release.since_date,
    changes.nature,
    changes.stage,
    cast(coalesce(sum(changes.outstanding_start_amount), 0) as decimal(18, 2)) as outstanding_start_amount,
    cast(coalesce(sum(changes.moved_in_amount), 0) as decimal(18, 2)) as moved_in_amount,
    cast(coalesce(sum(changes.moved_out_amount), 0) as decimal(18, 2)) as moved_out_amount,
    cast(coalesce(sum(changes.newly_claimed_amount), 0) as decimal(18, 2)) as newly_claimed_amount,
    cast(coalesce(sum(changes.collected_amount), 0) as decimal(18, 2)) as collected_amount,
    cast(coalesce(sum(changes.relieved_amount), 0) as decimal(18, 2)) as relieved_amount,
    cast(coalesce(sum(changes.credited_amount), 0) as decimal(18, 2)) as credited_amount,
    cast(coalesce(sum(changes.written_off_amount), 0) as decimal(18, 2)) as written_off_amount,
    cast(coalesce(sum(changes.prescribed_amount), 0) as decimal(18, 2)) as prescribed_amount,
    cast(coalesce(sum(changes.reinstated_amount), 0) as decimal(18, 2)) as reinstated_amount,
    cast(coalesce(sum(changes.outstanding_end_amount), 0) as decimal(18, 2)) as outstanding_end_amount
from changes
cross join previous_release
group by all
