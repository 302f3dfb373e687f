-- The first brochure sent from the registration on. Affiliations registered before the extract of notices begins are
-- left out: their brochure cannot be in it.
with brochures as (
    select
        account_id,
        sent_date
    from {{ ref('stg_notices') }}
    where kind = 'obligations_brochure' and sent_date <= {{ as_of_date() }}
),

coverage as (
    select
        coalesce(
            min(least(sent_date, latest_date)) filter (where kind = 'obligations_brochure'), min(latest_date)
        ) as first_date
    from {{ ref('stg_notices') }}
),

affiliations as (
    select *
    from {{ ref('stg_affiliations') }}
    where
        (origin = 'ex_officio' or (first_activity and origin <> 'category_change'))
        and registered_date >= (select {{ quarter_start('first_date') }} from coverage)
        and registered_date <= {{ as_of_date() }}
)

select
    affiliations.affiliation_id,
    affiliations.affiliate_id,
    affiliations.origin,
    affiliations.first_activity,
    affiliations.registered_date,
    min(brochures.sent_date) as brochure_date
from affiliations
left join brochures
    on affiliations.affiliate_id = brochures.account_id and affiliations.registered_date <= brochures.sent_date
group by all
