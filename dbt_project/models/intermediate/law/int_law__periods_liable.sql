-- B5: a quarter is liable when a period that is not annulled covers a day of it, up to the end of the year of the as-of
-- date, for what an open period will still cover.
select
    affiliations.affiliation_id,
    affiliations.affiliate_id,
    affiliations.category,
    categories.rank as category_rank,
    quarter_index(affiliations.start_date) as first_quarter,
    -- The quarter of a death or of a pension does not count for the period that ends by it.
    least(
        quarter_index(affiliations.end_date)
        - case when affiliations.end_reason in ('death', 'pension') then 1 else 0 end,
        year(as_of_date()) * 4 + 3
    ) as last_quarter,
    -- B9: the primo quarters of a first activity begin with that of its start.
    case when affiliations.category = 'main' and affiliations.first_activity then primos.value else 0 end
        as primo_quarters
from {{ ref('stg_affiliations') }} as affiliations
inner join {{ ref('categories') }} as categories on affiliations.category = categories.category
cross join {{ ref('law_primo_quarters') }} as primos
where coalesce(affiliations.end_reason, '') <> 'annulled'
