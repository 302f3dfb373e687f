-- Summons and service of the writ end the running of surcharges on what their case holds.
select
    cast({{ id_number('links.charge_id') }} as bigint) as charge_number,
    min(steps.step_date) as stop_date
from {{ ref('stg_recovery_steps') }} as steps
inner join {{ ref('stg_recovery_case_charges') }} as links on steps.case_id = links.case_id
where {{ stops_surcharges('steps') }} and steps.step_date <= {{ as_of_date() }}
group by {{ id_number('links.charge_id') }}
