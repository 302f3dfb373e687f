with notices as (
    select * from {{ ref('stg_notices') }}
),

-- The day on which the extract of notices begins: the brochure of an affiliation before it cannot be in the extract.
coverage as (
    select
        coalesce(
            min(least(sent_date, latest_date)) filter (where kind = 'obligations_brochure'), min(latest_date)
        ) as first_date
    from notices
),

affiliations as (
    select affiliations.*
    from {{ ref('stg_affiliations') }} as affiliations
    cross join coverage
    where
        (
            affiliations.origin = 'ex_officio'
            or (affiliations.first_activity and affiliations.origin <> 'category_change')
        )
        and affiliations.registered_date >= quarter_start(coverage.first_date)
        and affiliations.registered_date <= as_of_date()
)

-- The first brochure from the registration on counts.
select
    affiliations.affiliation_id,
    affiliations.affiliate_id,
    affiliations.origin,
    affiliations.first_activity,
    affiliations.registered_date,
    min(notices.sent_date) as brochure_date
from affiliations
left join notices
    on
        affiliations.affiliate_id = notices.account_id
        and affiliations.registered_date <= notices.sent_date
        and notices.sent_date <= as_of_date()
        and notices.kind = 'obligations_brochure'
group by all
