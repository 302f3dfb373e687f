-- One row per dossier and liable quarter (B5) of the period, with the messages that told INASTI of it.
with quarters as (
    select
        affiliate_id,
        category,
        contribution_year || 'Q' || contribution_quarter as quarter,
        make_date(contribution_year, 3 * contribution_quarter - 2, 1) as first_day,
        last_day(make_date(contribution_year, 3 * contribution_quarter, 1)) as last_day
    from contribution.fct_expected_contributions
    where list_contains($quarters, contribution_year || 'Q' || contribution_quarter)
),

-- Of the periods that count for the quarter (B5) and have its category, the first by number says the capacity.
described as (
    select
        quarters.affiliate_id,
        quarters.quarter,
        arg_min(periods.capacity, periods.affiliation_id) as capacity
    from quarters
    inner join core.fct_affiliation_periods as periods
        on quarters.affiliate_id = periods.affiliate_id
        and quarters.category = periods.category
        and periods.is_counted
        and periods.start_date <= quarters.last_day
        and coalesce(periods.end_date >= quarters.first_day, true)
    where not coalesce(periods.end_reason in ('death', 'pension') and periods.end_date <= quarters.last_day, false)
    group by quarters.affiliate_id, quarters.quarter
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
    described.capacity as "CAPACITY",
    coalesce(messages.messages, 0) as "MESSAGES",
    coalesce(messages.accepted_messages, 0) as "ACCEPTED_MESSAGES",
    release.business_date as "SNAPSHOT_DATE"
from quarters
inner join core.dim_affiliate as affiliates on quarters.affiliate_id = affiliates.affiliate_id
inner join core.dim_category as categories on quarters.category = categories.category
left join described on quarters.affiliate_id = described.affiliate_id and quarters.quarter = described.quarter
left join messages on quarters.affiliate_id = messages.account_id and quarters.quarter = messages.quarter
cross join meta.release as release
