-- From what was expected at the last release to what is expected now. Everything that happened to a charge is told
-- where the charge stands now; a charge that changed its stage or nature first moves there with what was expected
-- of it.
with places as (
    select
        coalesce(now_open.charge_number, was_open.charge_number) as charge_number,
        was_open.nature as nature_before,
        was_open.stage as stage_before,
        coalesce(now_open.nature, was_open.nature) as nature,
        coalesce(now_open.stage, was_open.stage) as stage,
        coalesce(was_open.outstanding_amount, 0) as outstanding_before,
        coalesce(now_open.outstanding_amount, 0) as outstanding_after,
        coalesce(now_open.written_off_amount, 0) - coalesce(was_open.written_off_amount, 0) as written_off_amount,
        coalesce(now_open.prescribed_amount, 0) - coalesce(was_open.prescribed_amount, 0) as prescribed_amount
    from ({{ open_positions(ref('fct_open_charges'), as_of_date()) }}) as now_open
    full outer join {{ ref('int_recovery__open_before') }} as was_open
        on now_open.charge_number = was_open.charge_number
),

ledger as (
    select
        charge_number,
        nature,
        claimed_amount,
        relieved_amount,
        collected_amount,
        credited_amount
    from (
        {{ ledger_positions(charges_after()) }}
    ) as now_known
    union all
    select
        charge_number,
        nature,
        -claimed_amount as claimed_amount,
        -relieved_amount as relieved_amount,
        -collected_amount as collected_amount,
        -credited_amount as credited_amount
    from {{ ref('int_recovery__ledger_before') }}
),

changes as (
    select
        coalesce(places.nature, ledger.nature) as nature,
        coalesce(places.stage, 'none') as stage,
        0 as outstanding_start_amount,
        0 as moved_in_amount,
        0 as moved_out_amount,
        sum(ledger.claimed_amount) as newly_claimed_amount,
        sum(ledger.collected_amount) as collected_amount,
        sum(ledger.relieved_amount) as relieved_amount,
        sum(ledger.credited_amount) as credited_amount,
        0 as written_off_amount,
        0 as prescribed_amount,
        0 as outstanding_end_amount
    from ledger
    left join places on ledger.charge_number = places.charge_number
    group by coalesce(places.nature, ledger.nature), coalesce(places.stage, 'none')
    union all
    select
        nature,
        stage,
        0 as outstanding_start_amount,
        sum(outstanding_before) filter (where nature <> nature_before or stage <> stage_before) as moved_in_amount,
        0 as moved_out_amount,
        0 as newly_claimed_amount,
        0 as collected_amount,
        0 as relieved_amount,
        0 as credited_amount,
        sum(written_off_amount) as written_off_amount,
        sum(prescribed_amount) as prescribed_amount,
        sum(outstanding_after) as outstanding_end_amount
    from places
    group by nature, stage
    union all
    select
        nature_before as nature,
        stage_before as stage,
        sum(outstanding_before) as outstanding_start_amount,
        0 as moved_in_amount,
        sum(outstanding_before) filter (where nature <> nature_before or stage <> stage_before) as moved_out_amount,
        0 as newly_claimed_amount,
        0 as collected_amount,
        0 as relieved_amount,
        0 as credited_amount,
        0 as written_off_amount,
        0 as prescribed_amount,
        0 as outstanding_end_amount
    from places
    where nature_before is not null
    group by nature_before, stage_before
)

select
    plan.previous_as_of_date as since_date,
    cast(changes.nature as varchar) as nature,
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
    cast(coalesce(sum(changes.outstanding_end_amount), 0) as decimal(18, 2)) as outstanding_end_amount
from changes
cross join {{ source('raw', '_plan') }} as plan
group by plan.previous_as_of_date, changes.nature, changes.stage
