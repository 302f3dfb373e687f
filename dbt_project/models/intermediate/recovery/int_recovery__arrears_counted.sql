{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- C3, and T09 of statistics-tables.md: what is in arrears at each reference date, all charge types, over one range of
-- accounts after the other; mart_arrears_ageing and stat_t09 put the ranges together. What is outstanding is spread
-- over the quarter ends once, for both. A code that a row does not tell apart is null.
-- Nineteen accounts in twenty have one nature: their total over the natures is that of their nature, which stat_t09
-- adds up; only for the others it is counted here.
with accounts as (
    select
        account_id,
        min(nature) = max(nature) as has_one_nature
    from {{ ref('int_recovery__charge_balances') }}
    where in_slice(account_id)
    group by account_id
),

debts as (
    select
        arrears.reference_date,
        arrears.account_id,
        accounts.has_one_nature,
        arrears.nature,
        arrears.claim_group,
        -- T09 tells the years of contribution apart on 31 December only.
        case when month(arrears.reference_date) = 12 then arrears.contribution_year end as contribution_year,
        arrears.state as age_bucket,
        arrears.stage,
        cast(count(*) as integer) as charges,
        cast(sum(arrears.outstanding_amount) as decimal(18, 2)) as outstanding_amount
    from {{ ref('int_recovery__arrears_at_quarter_ends') }} as arrears
    inner join accounts on arrears.account_id = accounts.account_id
    where arrears.due_date < arrears.reference_date and in_slice(arrears.account_id)
    group by all
),

debts_and_totals as (
    select * from debts
    union all
    select * replace (null as nature) from debts
    where not has_one_nature
),

debtors as (
    select
        reference_date,
        account_id,
        has_one_nature,
        nature,
        cast(sum(charges) as integer) as charges,
        cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount
    from debts_and_totals
    group by reference_date, account_id, has_one_nature, nature
),

-- On 31 December: one class and one place of an account for all it owes, whatever the nature.
described as (
    select
        owing.reference_date,
        owing.account_id,
        amount_class(owing.outstanding_amount) as amount_class,
        residences.region_nis as region,
        residences.province_code as province
    from debtors as owing
    -- A dossier that a full delivery left out (F4) is owed for all the same, and lies nowhere.
    left join {{ ref('int_service__accounts_managed') }} as managed on owing.account_id = managed.account_id
    inner join {{ ref('int_population__residences_dated') }} as residences
        on
            coalesce(managed.known_municipality_nis, 'ABROAD') = residences.known_municipality_nis
            and owing.reference_date between residences.from_date and residences.to_date
    where month(owing.reference_date) = 12 and (owing.has_one_nature or owing.nature is null)
),

by_account as (
    select
        debtors.*,
        described.amount_class,
        described.region,
        described.province
    from debtors
    left join described
        on debtors.reference_date = described.reference_date and debtors.account_id = described.account_id
    union all by name
    select
        reference_date,
        account_id,
        has_one_nature,
        nature,
        age_bucket,
        stage,
        claim_group,
        cast(sum(charges) as integer) as charges,
        cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount
    from debts_and_totals
    group by
        reference_date, account_id, has_one_nature, nature,
        grouping sets ((age_bucket, stage), (age_bucket), (stage), (claim_group))
    union all by name
    select
        reference_date,
        account_id,
        has_one_nature,
        nature,
        contribution_year,
        age_bucket,
        cast(sum(charges) as integer) as charges,
        cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount
    from debts_and_totals
    where contribution_year is not null
    group by reference_date, account_id, has_one_nature, nature, contribution_year, rollup (age_bucket)
)

select
    reference_date,
    account_type(account_id) as account_type,
    has_one_nature,
    nature,
    age_bucket,
    stage,
    claim_group,
    contribution_year,
    amount_class,
    region,
    province,
    count(*) as debtors,
    cast(sum(charges) as bigint) as charges,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount,
    max(charges, 2) as most_charges,
    max(outstanding_amount, 2) as largest_amounts
from by_account
group by all
