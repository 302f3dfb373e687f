-- Surcharges beside the charge they increase: what kind of claim it is, from when they may run, and what stops them.
-- Nothing of this moves with the calendar: only accounts that are compared with the law again are looked at.
select
    own.charge_number,
    own.account_key,
    own.claim_code,
    own.charge_type,
    own.issue_date,
    own.gross_amount,
    own.cancelled_amount,
    own.fall_date,
    related.charge_number as related_charge_number,
    related.due_date as related_due_date,
    related.gross_amount as related_gross_amount,
    related.net_amount as related_net_amount,
    {{ surcharge_kind('related.charge_type', 'starters.account_key is not null') }} as surcharge_kind,
    {{ surcharge_claimed_date('related', 'starters.account_key is not null') }} as claimed_date,
    stops.stop_date
from {{ ref('int_contribution__surcharges_charged') }} as own
left join {{ ref('fct_charges_ledger') }} as related on own.related_charge_number = related.charge_number
left join {{ ref('int_contribution__starter_quarters') }} as starters
    -- Equalities alone: a condition on the left side only would make this a loop over all pairs.
    on
        case when related.charge_type = 'provisional' then related.account_key end = starters.account_key
        and related.contribution_year * 4 + related.contribution_quarter - 1 = starters.contribution_index
left join {{ ref('int_contribution__surcharges_stopped') }} as stops on related.charge_number = stops.charge_number
where {{ only_reassessed_keys('own.account_key') }}
