-- The records of T15: what the fund tells other institutions, and what it passes on to INASTI, as of the as-of date.
with transmissions as (
    select
        'transmission' as record_kind,
        transmission_id as record_id,
        flow as record_type,
        account_id,
        period as about_period,
        -- S2: what leaves after the as-of date has not left.
        case when sent_date > as_of_date() then 'pending' else status end as record_status,
        case
            when flow in ('mutuality_contribution_voucher', 'incapacity_certificate') then mutuality_union(recipient)
            else '_Z'
        end as mutuality_union,
        due_date as record_date,
        due_date as deadline_date,
        due_date as counted_until_date,
        sent_date as done_date
    from {{ ref('stg_transmissions') }}
),

insurance_requests as (
    select
        'insurance_request' as record_kind,
        requests.request_id as record_id,
        requests.kind as record_type,
        requests.affiliate_id as account_id,
        case
            when requests.decision is not null and coalesce(requests.decision_date <= as_of_date(), true)
                then requests.decision
            else 'pending'
        end as record_status,
        '_Z' as mutuality_union,
        requests.submitted_date as record_date,
        passed_on.deadline_date,
        passed_on.counted_until_date,
        passed_on.done_date,
        requests.from_quarter,
        requests.to_quarter,
        case
            when requests.from_quarter <= requests.to_quarter
                then quarter_text_index(requests.to_quarter) - quarter_text_index(requests.from_quarter) + 1
            else 0
        end as quarters
    from {{ ref('stg_insurance_requests') }} as requests
    inner join {{ ref('int_service__sc19_insurance_requests_passed_on') }} as passed_on
        on requests.request_id = passed_on.item_key
),

records as (
    select * from transmissions
    union all by name
    select * from insurance_requests
)

select
    record_kind,
    record_id,
    record_type,
    account_id,
    record_status,
    mutuality_union,
    about_period,
    from_quarter,
    to_quarter,
    cast(quarters as bigint) as quarters,
    record_date,
    deadline_date,
    case when done_date <= as_of_date() then done_date end as done_date,
    coalesce(done_date <= as_of_date(), false) as is_done,
    is_judged(done_date, deadline_date, as_of_date()) as is_judged,
    is_in_time(done_date, deadline_date, counted_until_date, as_of_date()) as is_in_time
from records
