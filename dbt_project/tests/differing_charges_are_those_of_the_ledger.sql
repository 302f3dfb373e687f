-- What is not in the register of differences counts as equal to the law. So what is there must be a charge of the
-- ledger with the same amount and a type the law sets, once, and must differ or say why there is no legal amount.
select
    differing.charge_number,
    count(*) as times,
    count(ledger.charge_number) as charges
from {{ ref('fct_charges_differing') }} as differing
left join {{ ref('fct_charges_ledger') }} as ledger
    on
        differing.charge_number = ledger.charge_number
        and differing.account_key = ledger.account_key
        and differing.gross_amount = ledger.gross_amount
        and {{ has_legal_amount('ledger.charge_type') }}
group by differing.charge_number
having
    count(*) <> 1
    or count(ledger.charge_number) <> 1
    or bool_or(differing.difference_reason is null or differing.difference_amount = 0)
