-- Who was affiliated before the start: the first quarters are claimed later (RG art. 44 §2).
with later_quarters as (
    select {{ integers_between('0', 'applies_to_quarters - 1') }} as quarters
    from {{ ref('law_surcharges') }}
    where surcharge_kind = 'starter' and period = 'quarter'
)

select distinct
    {{ account_key('affiliations.affiliate_id') }} as account_key,
    {{ quarter_index('affiliations.start_date') }} + later_quarters.quarters as contribution_index
from {{ ref('stg_affiliations') }} as affiliations
cross join later_quarters
where
    affiliations.origin in ('voluntary', 'resumption')
    and affiliations.registered_date <= affiliations.start_date
    and coalesce(affiliations.end_reason, '') <> 'annulled'
    and {{ only_resurcharged('affiliations.affiliate_id') }}
