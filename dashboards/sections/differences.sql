-- part: not_claimed
-- Surcharges that nobody claimed have no charge: they stand in the year of the one they follow.
from contribution.fct_expected_surcharges as surcharges
inner join contribution.fct_charges as related
    on surcharges.related_charge_id = related.charge_id
where
    surcharges.charge_id is null
    and related.contribution_year between $first and $last
    and list_contains($natures, related.nature)

-- query: charges
-- Surcharges have a comparison of their own.
with differing as (
    select
        charge_id,
        account_id,
        charge_type,
        difference_reason,
        gross_amount,
        expected_amount,
        difference_amount,
        contribution_year,
        nature,
        category,
        issue_date
    from contribution.fct_charges
    where difference_amount <> 0
    union all
    select
        charges.charge_id,
        charges.account_id,
        charges.charge_type,
        surcharges.difference_reason,
        surcharges.gross_amount,
        surcharges.expected_amount,
        surcharges.difference_amount,
        charges.contribution_year,
        charges.nature,
        charges.category,
        charges.issue_date
    from contribution.fct_expected_surcharges as surcharges
    inner join contribution.fct_charges as charges on surcharges.charge_id = charges.charge_id
    where surcharges.difference_amount <> 0
)

select * exclude (nature)
from differing
where
    contribution_year between $first and $last
    and list_contains($natures, nature)
    and list_contains($reasons, difference_reason)
order by abs(difference_amount) desc, charge_id
limit $listed

-- query: owed_totals
select
    count(*) as surcharges,
    cast(coalesce(sum(surcharges.expected_amount), 0) as decimal(18, 2)) as amount,
    count(*) filter (where surcharges.difference_reason = 'not_claimed') as unexplained
{not_claimed}

-- query: owed
select
    surcharges.related_charge_id,
    surcharges.account_id,
    surcharges.charge_type,
    surcharges.fall_date,
    surcharges.unpaid_amount,
    surcharges.expected_amount,
    surcharges.difference_reason
{not_claimed}
order by
    surcharges.difference_reason <> 'not_claimed',
    surcharges.expected_amount desc,
    surcharges.related_charge_id,
    surcharges.charge_type,
    surcharges.fall_date
limit $listed
