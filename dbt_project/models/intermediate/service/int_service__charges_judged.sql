-- What is equal to the legal amount is only counted, by quarter of issue, office and type: it is nearly everything,
-- namely all that could be compared, less what differs.
with differing as (
    select
        differing.charge_number,
        differing.account_key,
        {{ claim_type_rank('differing.claim_code') }} as claim_rank,
        differing.issue_date,
        differing.difference_amount,
        differing.difference_reason,
        managed.office_code
    from {{ ref('fct_charges_differing') }} as differing
    left join {{ ref('int_service__accounts_managed') }} as managed on differing.account_key = managed.account_key
    where differing.expected_amount is not null
),

comparable as (
    select
        claim_rank,
        office_code,
        {{ quarter_index_start('issue_index') }} as issue_date,
        charges
    from {{ ref('charges_comparable') }}
    union all
    select
        {{ claim_type_rank('differing.claim_code') }} as claim_rank,
        managed.office_code,
        {{ quarter_start('differing.issue_date') }} as issue_date,
        -1 as charges
    from {{ ref('fct_charges_differing') }} as differing
    left join {{ ref('int_service__accounts_managed') }} as managed on differing.account_key = managed.account_key
),

counted as (
    select
        claim_rank,
        office_code,
        cast(null as varchar) as item_key,
        cast(null as varchar) as account_id,
        issue_date,
        true as is_equal,
        true as is_explained,
        cast(0 as decimal(18, 2)) as amount,
        sum(charges) as weight
    from comparable
    group by claim_rank, office_code, issue_date
    having sum(charges) > 0
    union all
    select
        claim_rank,
        office_code,
        {{ id_text('D', 'charge_number') }} as item_key,
        {{ account_id('account_key') }} as account_id,
        issue_date,
        false as is_equal,
        coalesce(difference_reason, 'unexplained') <> 'unexplained' as is_explained,
        difference_amount as amount,
        1 as weight
    from differing
)

select
    claim_types.charge_type as breakdown_code,
    counted.office_code,
    counted.item_key,
    counted.account_id,
    counted.issue_date as quarter_date,
    counted.issue_date as started_date,
    cast(null as date) as deadline_date,
    cast(null as date) as done_date,
    counted.is_equal,
    counted.is_explained,
    counted.amount,
    counted.weight
from counted
inner join {{ ref('claim_types') }} as claim_types on counted.claim_rank = claim_types.rank
