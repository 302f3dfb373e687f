-- For every promise with a target whose items are listed: judged = met + listed, in the fund and in each office, and
-- the fund is no less than its offices together. SC32 counts amounts; the rows of a delivery weigh as many (SC38).
with listed as (
    select
        code,
        quarter,
        coalesce(office_code, 'none') as office_code,
        count(*) as items
    from {{ ref('fct_missed_items') }}
    group by code, quarter, coalesce(office_code, 'none')
),

by_office as (
    select
        code,
        quarter,
        office_code,
        items
    from listed
    union all
    select
        code,
        quarter,
        'ALL' as office_code,
        sum(items) as items
    from listed
    group by code, quarter
)

select
    figures.code,
    figures.quarter,
    figures.office_code,
    figures.numerator,
    figures.denominator,
    by_office.items
from {{ ref('mart_commitments') }} as figures
left join by_office
    on
        figures.code = by_office.code
        and figures.quarter = by_office.quarter
        and figures.office_code = by_office.office_code
where
    figures.unit = 'share'
    and figures.target is not null
    and figures.denominator <> figures.numerator + coalesce(by_office.items, 0)
