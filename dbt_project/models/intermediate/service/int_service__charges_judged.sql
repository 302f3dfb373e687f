-- What is equal to the legal amount is only counted, by quarter of issue, office and type: it is nearly everything.
with charges as (
    select
        expected.charge_number,
        expected.account_key,
        {{ claim_type_rank('expected.claim_code') }} as claim_rank,
        expected.issue_date,
        expected.difference_amount,
        expected.difference_reason,
        managed.office_code
    from {{ ref('fct_charges_expected') }} as expected
    left join {{ ref('int_service__accounts_managed') }} as managed on expected.account_key = managed.account_key
    where expected.expected_amount is not null
),

-- By day first: of some thousand days, not of 50 million charges, the quarter is asked.
daily as (
    select
        claim_rank,
        office_code,
        issue_date,
        count(*) as charges
    from charges
    where difference_amount = 0
    group by claim_rank, office_code, issue_date
),

counted as (
    select
        claim_rank,
        office_code,
        cast(null as varchar) as item_key,
        cast(null as varchar) as account_id,
        {{ quarter_start('issue_date') }} as issue_date,
        true as is_equal,
        true as is_explained,
        cast(0 as decimal(18, 2)) as amount,
        sum(charges) as weight
    from daily
    group by claim_rank, office_code, {{ quarter_start('issue_date') }}
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
    from charges
    where difference_amount <> 0
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
