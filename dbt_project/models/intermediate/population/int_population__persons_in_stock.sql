{{ config(materialized='view') }}

-- Definitions, section 6, and S6: who is in the stock on the last day of each quarter, once, by the period that counts
-- for the person that day, with what describes it. A person is not named here: the period says who it is. A view: of a
-- country these are 48 million rows, and to write them takes as long as to read them three times.
with periods as (
    select
        periods.affiliation_id,
        periods.affiliate_id,
        periods.nature,
        periods.category,
        case
            when periods.capacity <> 'assisting_spouse' then periods.capacity
            when periods.category = 'spouse_maxi' then 'assisting_spouse_maxi'
            when periods.category = 'spouse_mini' then 'assisting_spouse_mini'
            else 'assisting_spouse_other'
        end as quality,
        periods.profession_code,
        periods.nace_code,
        affiliates.sex,
        affiliates.birth_date,
        affiliates.nationality,
        coalesce(affiliates.municipality_nis, 'ABROAD') as known_municipality_nis,
        -- The quarters whose last day the period covers, of those that have ended.
        unnest(range(
            greatest(quarter_index(periods.start_date), first_year() * 4),
            last_ended_quarter(least(periods.end_date, as_of_date())) + 1
        )) as quarter_index
    from {{ ref('fct_affiliation_periods') }} as periods
    inner join {{ ref('dim_affiliate') }} as affiliates on periods.affiliate_id = affiliates.affiliate_id
    where periods.is_counted
),

days as (
    select
        *,
        quarter_index_end(quarter_index) as reference_date
    from periods
)

select
    cast(days.quarter_index as integer) as quarter_index,
    days.affiliation_id,
    days.affiliate_id,
    days.nature,
    days.category,
    days.quality,
    days.profession_code,
    days.nace_code,
    days.sex,
    days.nationality,
    age_class(age_in_years(days.birth_date, days.reference_date)) as age_class,
    residences.municipality_nis,
    residences.region_nis
from days
inner join {{ ref('int_population__residences_dated') }} as residences
    on
        days.known_municipality_nis = residences.known_municipality_nis
        and days.reference_date between residences.from_date and residences.to_date
left join {{ ref('int_population__periods_giving_way') }} as giving_way
    on
        days.affiliation_id = giving_way.affiliation_id
        and days.reference_date between giving_way.from_date and giving_way.to_date
where giving_way.affiliation_id is null
