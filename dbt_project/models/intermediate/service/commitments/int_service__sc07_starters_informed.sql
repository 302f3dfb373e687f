select
    'SC07' as code,
    affiliation_id as item_key,
    affiliate_id as account_id,
    registered_date as quarter_date,
    registered_date as started_date,
    registered_date + 30 as deadline_date,
    brochure_date as done_date,
    true as is_right
from {{ ref('int_service__affiliations_informed') }}
where first_activity and origin <> 'category_change'
