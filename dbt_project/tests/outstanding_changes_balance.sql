-- What is expected at the start, plus what was newly claimed, less what was collected, relieved, settled by credit,
-- written off or prescribed, plus what is so no longer, is what is expected at the end: by nature and stage, to the
-- cent. The end is what the open charges say, and moves between stages cancel out.
with changes as (
    select
        nature,
        stage,
        outstanding_start_amount + moved_in_amount - moved_out_amount + newly_claimed_amount - collected_amount
        - relieved_amount - credited_amount - written_off_amount - prescribed_amount + reinstated_amount
            as expected_amount,
        outstanding_end_amount
    from {{ ref('mart_outstanding_changes') }}
),

ends as (
    select
        nature,
        stage,
        sum(outstanding_amount) as outstanding_amount
    from {{ ref('fct_open_charges') }}
    where not is_written_off and prescription_date > as_of_date()
    group by nature, stage
)

select
    coalesce(changes.nature, ends.nature) as nature,
    coalesce(changes.stage, ends.stage) as stage,
    changes.expected_amount,
    changes.outstanding_end_amount,
    coalesce(ends.outstanding_amount, 0) as open_amount
from changes
full outer join ends on changes.nature = ends.nature and changes.stage = ends.stage
where
    changes.expected_amount is distinct from changes.outstanding_end_amount
    or coalesce(changes.outstanding_end_amount, 0) <> coalesce(ends.outstanding_amount, 0)
union all
select
    'all natures' as nature,
    'every' as stage,
    sum(moved_in_amount) as expected_amount,
    sum(moved_out_amount) as outstanding_end_amount,
    cast(null as decimal(18, 2)) as open_amount
from {{ ref('mart_outstanding_changes') }}
having sum(moved_in_amount) <> sum(moved_out_amount)
