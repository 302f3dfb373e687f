-- S6 to S8: an affiliate on a day on which something about it is counted. Its describing period is the one that counts
-- for it that day (first by category, then by affiliation_id), else the last that ended before, else the first that
-- came later; annulled periods never describe anybody (D1). A day that a further statistic needs is one more select in
-- `events`.
with events as (
    select
        account_id as affiliate_id,
        submitted_date as event_date
    from {{ ref('stg_relief_requests') }}
    where account_type(account_id) = 'affiliate'
    union
    select
        affiliate_id,
        event_date
    from {{ ref('fct_claims') }}
),

describing as (
    select
        events.affiliate_id,
        events.event_date,
        coalesce(
            arg_min(periods.affiliation_id, (categories.rank, periods.affiliation_id)) filter (
                where periods.start_date <= events.event_date and coalesce(periods.end_date >= events.event_date, true)
            ),
            arg_max(periods.affiliation_id, (periods.end_date, periods.affiliation_id)) filter (
                where periods.end_date < events.event_date
            ),
            -- None covers the day and none ended before it: all began later.
            arg_min(periods.affiliation_id, (periods.start_date, periods.affiliation_id))
        ) as affiliation_id
    from events
    left join {{ ref('fct_affiliation_periods') }} as periods
        on events.affiliate_id = periods.affiliate_id and periods.is_counted
    left join {{ ref('dim_category') }} as categories on periods.category = categories.category
    group by events.affiliate_id, events.event_date
)

select
    describing.affiliate_id,
    describing.event_date,
    describing.affiliation_id,
    coalesce(periods.nature, 'unknown') as nature,
    coalesce(professions.branch_code, 'unknown') as branch,
    -- A dossier that a full delivery left out (F4) describes nobody; what was asked and paid counts all the same.
    coalesce(affiliates.sex, 'unknown') as sex,
    coalesce(age_class(age_in_years(affiliates.birth_date, describing.event_date)), 'unknown') as age_class,
    residences.municipality_nis,
    residences.province_code,
    residences.region_nis
from describing
left join {{ ref('dim_affiliate') }} as affiliates on describing.affiliate_id = affiliates.affiliate_id
inner join {{ ref('int_population__residences_dated') }} as residences
    on
        coalesce(affiliates.municipality_nis, 'ABROAD') = residences.known_municipality_nis
        and describing.event_date >= residences.from_date
        and describing.event_date <= residences.to_date
left join {{ ref('fct_affiliation_periods') }} as periods on describing.affiliation_id = periods.affiliation_id
left join {{ ref('dim_profession') }} as professions on periods.profession_code = professions.profession_code
