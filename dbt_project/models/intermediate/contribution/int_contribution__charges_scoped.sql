with category_natures as (
    select
        categories.category,
        natures.rank as nature_rank
    from {{ ref('categories') }} as categories
    inner join {{ ref('natures') }} as natures on categories.nature = natures.nature
),

other_natures as (
    select
        max(case when nature = 'company' then rank end) as company_rank,
        max(case when nature = 'unknown' then rank end) as unknown_rank
    from {{ ref('natures') }}
)

select
    {{ id_number('charges.charge_id') }} as charge_number,
    {{ account_key('charges.account_id') }} as account_key,
    charges.charge_type,
    charges.contribution_year,
    charges.contribution_quarter,
    charges.category,
    charges.issue_date,
    charges.due_date,
    charges.amount,
    {{ id_number('charges.related_charge_id') }} as related_charge_number,
    {{ claim_code(
        'charges.issue_date',
        'charges.contribution_year',
        'charges.contribution_quarter',
        'coalesce(claim_types.rank, 0)',
        "case when charges.account_id like 'C%' then other_natures.company_rank "
        ~ "else coalesce(category_natures.nature_rank, other_natures.unknown_rank) end"
    ) }} as claim_code
from {{ ref('stg_charges') }} as charges
left join {{ ref('claim_types') }} as claim_types on charges.charge_type = claim_types.charge_type
left join category_natures on charges.category = category_natures.category
cross join other_natures
where {{ only_touched('charges.account_id') }}
