-- One line for each account that a rule names: its first reason by points, then by date; the other reasons beside it.
with ordered as (
    select
        *,
        row_number() over (partition by account_id order by score desc, due_by asc, reason asc) as place,
        count(*) over (partition by account_id) as reasons
    from {{ ref('fct_worklist_reasons') }}
),

others as (
    select
        account_id,
        string_agg(reason, ',' order by place) as other_reasons
    from ordered
    where place > 1
    group by account_id
)

select
    ordered.account_id,
    account_type(ordered.account_id) as account_type,
    ordered.reason,
    ordered.next_action,
    ordered.due_by,
    ordered.outstanding_amount,
    cast(
        row_number() over (order by ordered.score desc, ordered.due_by asc, ordered.account_id asc) as integer
    ) as priority,
    ordered.explanation_fr as explanation,
    ordered.explanation_nl,
    ordered.score,
    others.other_reasons,
    ordered.case_id,
    assigned.office_code,
    assigned.agent_id
from ordered
left join others on ordered.account_id = others.account_id
left join {{ ref('int_recovery__accounts_assigned') }} as assigned on ordered.account_id = assigned.account_id
where ordered.place = 1
