select
    charges.charge_number,
    charges.account_key,
    charges.charge_type,
    charges.contribution_year,
    charges.contribution_quarter,
    charges.category,
    charges.issue_date,
    charges.due_date,
    charges.amount,
    charges.related_charge_number,
    {{ claim_code_of_nature('charges.claim_code', 'inherited.nature_rank') }} as claim_code
from {{ ref('int_contribution__charges_scoped') }} as charges
left join {{ ref('int_contribution__natures_inherited') }} as inherited
    on charges.charge_number = inherited.charge_number
