-- From what is outstanding in all to each figure that counts a part of it, step by step. The figures are sums of the
-- tables that pages show; the steps are sums of open charges, and what starts a figure is a figure or a step of another
-- one. A figure is the sum of the lines before it (tests/balances_are_bridged.sql).
with charges as (
    select
        charges.account_type = 'affiliate' as is_affiliate,
        charges.outstanding_amount,
        is_contribution(charges.charge_type) as is_contribution,
        charges.due_date < as_of_date() as is_due,
        charges.is_written_off,
        charges.prescription_date <= as_of_date() as is_prescribed,
        listed.account_id is not null as is_listed
    from {{ ref('fct_open_charges') }} as charges
    left join {{ ref('mart_worklist') }} as listed on charges.account_id = listed.account_id
),

total as (
    select sum(outstanding_amount) as amount
    from {{ ref('fct_account_balances') }}
),

lines as (
    select
        'total' as figure,
        9 as place,
        'total' as part,
        amount
    from total
    union all
    select
        'contributions' as figure,
        0 as place,
        'total' as part,
        amount
    from total
    union all
    select
        'arrears_affiliate' as figure,
        0 as place,
        'total' as part,
        amount
    from total
    union all
    select
        'arrears_company' as figure,
        0 as place,
        'total' as part,
        amount
    from total
    union all
    select
        'expected' as figure,
        0 as place,
        'total' as part,
        amount
    from total
    union all
    select
        'worklist' as figure,
        0 as place,
        'total' as part,
        amount
    from total
    union all
    select
        'contributions' as figure,
        1 as place,
        'companies' as part,
        -sum(outstanding_amount) as amount
    from charges
    where not is_affiliate
    union all
    select
        'contributions' as figure,
        2 as place,
        'additions' as part,
        -sum(outstanding_amount) as amount
    from charges
    where is_affiliate and not is_contribution
    union all
    select
        'contributions' as figure,
        9 as place,
        'contributions' as part,
        sum(outstanding_amount) as amount
    from {{ ref('mart_quarter') }}
    union all
    select
        'arrears_affiliate' as figure,
        1 as place,
        'companies' as part,
        -sum(outstanding_amount) as amount
    from charges
    where not is_affiliate
    union all
    select
        'arrears_affiliate' as figure,
        2 as place,
        'not_due' as part,
        -sum(outstanding_amount) as amount
    from charges
    where is_affiliate and not is_due
    union all
    select
        'arrears_affiliate' as figure,
        9 as place,
        'arrears_affiliate' as part,
        sum(outstanding_amount) as amount
    from {{ ref('mart_arrears_ageing') }}
    where reference_date = as_of_date() and account_type = 'affiliate'
    union all
    select
        'arrears_company' as figure,
        1 as place,
        'affiliates' as part,
        -sum(outstanding_amount) as amount
    from charges
    where is_affiliate
    union all
    select
        'arrears_company' as figure,
        2 as place,
        'not_due' as part,
        -sum(outstanding_amount) as amount
    from charges
    where not is_affiliate and not is_due
    union all
    select
        'arrears_company' as figure,
        9 as place,
        'arrears_company' as part,
        sum(outstanding_amount) as amount
    from {{ ref('mart_arrears_ageing') }}
    where reference_date = as_of_date() and account_type = 'company'
    union all
    select
        'expected' as figure,
        1 as place,
        'written_off' as part,
        -sum(outstanding_amount) as amount
    from charges
    where is_written_off
    union all
    select
        'expected' as figure,
        2 as place,
        'prescribed_open' as part,
        -sum(outstanding_amount) as amount
    from charges
    where is_prescribed and not is_written_off
    union all
    select
        'expected' as figure,
        9 as place,
        'expected' as part,
        sum(outstanding_end_amount) as amount
    from {{ ref('mart_outstanding_changes') }}
    union all
    select
        'worklist' as figure,
        1 as place,
        'not_listed' as part,
        -sum(outstanding_amount) as amount
    from charges
    where not is_listed
    union all
    select
        'worklist' as figure,
        9 as place,
        'worklist' as part,
        sum(outstanding_amount) as amount
    from {{ ref('mart_worklist') }}
    union all
    select
        'prescribed' as figure,
        0 as place,
        'prescribed_open' as part,
        sum(outstanding_amount) as amount
    from charges
    where is_prescribed and not is_written_off
    union all
    select
        'prescribed' as figure,
        1 as place,
        'given_up' as part,
        sum(outstanding_amount) as amount
    from charges
    where is_prescribed and is_written_off
    union all
    select
        'prescribed' as figure,
        9 as place,
        'prescribed' as part,
        sum(outstanding_amount) as amount
    from {{ ref('mart_prescription') }}
    where is_prescribed
)

select
    figure,
    cast(place as integer) as place,
    part,
    cast(coalesce(amount, 0) as decimal(18, 2)) as amount
from lines
