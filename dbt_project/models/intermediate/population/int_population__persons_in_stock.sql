-- Definitions, section 6, and S6: who is in the stock on the last day of each quarter, once, with the period that counts
-- for the person and what describes it. A person is not named here: the period says who it is.
with periods as (
    select
        periods.person_key,
        periods.affiliation_id,
        periods.affiliate_id,
        periods.category,
        categories.rank as category_rank,
        periods.nature,
        case
            when periods.capacity <> 'assisting_spouse' then periods.capacity
            when periods.category = 'spouse_maxi' then 'assisting_spouse_maxi'
            when periods.category = 'spouse_mini' then 'assisting_spouse_mini'
            else 'assisting_spouse_other'
        end as quality,
        affiliates.sex,
        affiliates.birth_date,
        coalesce(affiliates.municipality_nis, 'ABROAD') as known_municipality_nis,
        periods.start_date,
        coalesce(periods.end_date, date '9999-12-31') as end_date
    from {{ ref('fct_affiliation_periods') }} as periods
    inner join {{ ref('dim_affiliate') }} as affiliates on periods.affiliate_id = affiliates.affiliate_id
    inner join {{ ref('dim_category') }} as categories on periods.category = categories.category
    where periods.is_counted
),

-- Of several periods on a day the first by (order of categories, affiliation_id) counts: the others give way to it on the
-- days it covers.
giving_way as (
    select
        periods.affiliation_id,
        counting.start_date as from_date,
        counting.end_date as to_date
    from periods
    inner join periods as counting
        on periods.person_key = counting.person_key
        and periods.start_date <= counting.end_date
        and periods.end_date >= counting.start_date
    where (counting.category_rank, counting.affiliation_id) < (periods.category_rank, periods.affiliation_id)
),

quarters_covered as (
    select
        *,
        unnest(range(
            greatest(quarter_index(start_date), first_year() * 4),
            last_ended_quarter(least(end_date, as_of_date())) + 1
        )) as quarter_index
    from periods
),

days_covered as (
    select
        *,
        quarter_index_end(quarter_index) as reference_date
    from quarters_covered
)

select
    cast(days_covered.quarter_index as integer) as quarter_index,
    days_covered.affiliation_id,
    days_covered.affiliate_id,
    days_covered.nature,
    days_covered.category,
    days_covered.quality,
    days_covered.sex,
    age_class(age_in_years(days_covered.birth_date, days_covered.reference_date)) as age_class,
    residences.municipality_nis
from days_covered
inner join {{ ref('int_population__residences_dated') }} as residences
    on days_covered.known_municipality_nis = residences.known_municipality_nis
    and days_covered.reference_date between residences.from_date and residences.to_date
left join giving_way
    on days_covered.affiliation_id = giving_way.affiliation_id
    and days_covered.reference_date between giving_way.from_date and giving_way.to_date
where giving_way.affiliation_id is null
