-- A13: claims are charges above 0; those for a year have no quarter.
select count(*) as charges_counted, count(distinct account_id) as accounts, sum(net_amount) as net_amount,
    sum(collected_amount) as collected_amount
from contribution.fct_charges
where gross_amount > 0
    and ($contribution_year = '_T' or contribution_year::varchar = $contribution_year)
    and ($contribution_quarter = '_T' or coalesce(contribution_quarter::varchar, 'Y') = $contribution_quarter)
    and ($nature = '_T' or nature = $nature)
    and charge_type in (
        select claim_type from statistics.stat_t08
        where claim_group = $claim_group and claim_type <> '_T'
            and ($claim_type = '_T' or claim_type = $claim_type)
    )
