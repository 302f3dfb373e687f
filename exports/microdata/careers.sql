-- One row per dossier and liable quarter (B5) of the period, with the messages that told INASTI of it.
with quarters as (
    select
        affiliate_id,
        category,
        contribution_year || 'Q' || contribution_quarter as quarter
    from contribution.fct_expected_contributions
),

messages as (
    select
        account_id,
        about_period as quarter,
        count(*) as messages,
        count(*) filter (where record_status = 'accepted') as accepted_messages
    from service.fct_records
    where record_type = 'career_data' and is_done
    group by account_id, about_period
)

select
    pseudonym('person', affiliates.person_key) as "PERSON",
    pseudonym('dossier', quarters.affiliate_id) as "DOSSIER",
    quarters.quarter as "QUARTER",
    quarters.category as "CATEGORY",
    categories.inasti_letter as "INASTI_LETTER",
    categories.nature as "NATURE",
    coalesce(messages.messages, 0) as "MESSAGES",
    coalesce(messages.accepted_messages, 0) as "ACCEPTED_MESSAGES",
    release.business_date as "SNAPSHOT_DATE"
from quarters
inner join core.dim_affiliate as affiliates on quarters.affiliate_id = affiliates.affiliate_id
inner join core.dim_category as categories on quarters.category = categories.category
left join messages on quarters.affiliate_id = messages.account_id and quarters.quarter = messages.quarter
cross join meta.release as release
where list_contains($quarters, quarters.quarter)
