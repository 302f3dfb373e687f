{%- set query -%}
with since_last_release as (
    select
        previous_as_of_date as after_date,
        as_of_date as up_to_date
    from {{ source('raw', '_plan') }}
),

-- Cases that changed, and those whose opening, closing or next step came since.
changed_cases as (
    select case_id from {{ ref('stg_recovery_cases__changes') }}
    union
    select case_id from {{ ref('stg_recovery_case_charges__changes') }}
    union
    select case_id from {{ ref('stg_recovery_steps__changes') }}
    union
    select steps.case_id
    from {{ ref('stg_recovery_steps') }} as steps
    inner join since_last_release as since
        on steps.step_date > since.after_date and steps.step_date <= since.up_to_date
    union
    select cases.case_id
    from {{ ref('stg_recovery_cases') }} as cases
    inner join since_last_release as since
        on
            (cases.opened_date > since.after_date and cases.opened_date <= since.up_to_date)
            or (cases.closed_date > since.after_date and cases.closed_date <= since.up_to_date)
)

select case_id from changed_cases
{%- endset -%}
{{ in_incremental(query, {'case_id': 'varchar'}) }}
