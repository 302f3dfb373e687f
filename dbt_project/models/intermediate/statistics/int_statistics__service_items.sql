-- T16: every item of a service, with what the indicators say of it (its last day, when it was done) and what describes
-- it. E1 judges it; a contact whose account is not known is a contributor of its own.
with contacts_answered as (
    select * from {{ ref('int_service__sc03_questions_answered') }}
    where code = 'SC03'
    union all by name
    select * from {{ ref('int_service__sc04_complaints_answered') }}
    where code = 'SC04'
),

items as (
    select
        'registration' as service,
        *
    from {{ ref('int_service__sc01_affiliations_registered') }}
    union all by name
    select
        contacts.kind as service,
        contacts.topic,
        contacts.channel,
        coalesce(contacts.outcome, 'none') as outcome,
        answered.*
    from contacts_answered as answered
    inner join {{ ref('stg_contacts') }} as contacts on answered.item_key = contacts.contact_id
    union all by name
    select
        'benefit_decision' as service,
        *
    from {{ ref('int_service__sc10_benefits_decided') }}
    union all by name
    select
        'benefit_payment' as service,
        *
    from {{ ref('int_service__sc11_benefits_paid_in_time') }}
    union all by name
    select
        'refusal_reasons' as service,
        *
    from {{ ref('int_service__sc14_refusals_reasoned') }}
    union all by name
    select
        notices.kind as service,
        notices.channel,
        sent.*
    from {{ ref('int_service__sc23_notices_in_time') }} as sent
    inner join {{ ref('stg_notices') }} as notices on sent.item_key = notices.notice_id
    union all by name
    select
        'insolvency_claim' as service,
        *
    from {{ ref('int_service__sc31_insolvency_claims_filed') }}
),

judged as (
    select
        *,
        is_judged(done_date, deadline_date, as_of_date()) as is_judged,
        coalesce(is_right, false)
        and is_in_time(done_date, deadline_date, counted_until_date, as_of_date()) as is_in_time
    from items
)

select
    judged.service,
    judged.quarter_date as item_date,
    coalesce(judged.account_id, 'contact ' || judged.item_key) as contributor,
    judged.topic,
    judged.channel,
    judged.outcome,
    -- E4: the office of the account today.
    case when judged.account_id is null then 'none' else coalesce(managed.office_code, 'unknown') end as office,
    judged.is_judged,
    judged.is_judged and judged.is_in_time as is_in_time,
    case
        when
            judged.service in ('registration', 'question', 'request', 'complaint', 'benefit_decision')
            and judged.done_date <= as_of_date()
            then datediff('day', judged.started_date, judged.done_date)
    end as days
from judged
left join {{ ref('int_service__accounts_managed') }} as managed on judged.account_id = managed.account_id
