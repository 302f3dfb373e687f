{#- Contributions that are settled, due or not, by how and how many days after they were due; before it is day 0. -#}
{%- set cells -%}
select
    {{ account_type('account_key') }} as account_type,
    cast(ledger.nature as varchar) as nature,
    {{ settled_ending() }} as ending,
    cast(greatest(datediff('day', due_date, settled_date), 0) as integer) as days_since_due,
    count(*) as charges
from THE_LEDGER as ledger
where settled_date is not null and gross_amount > 0 and {{ is_contribution('charge_type') }}
group by
    {{ account_type('account_key') }},
    ledger.nature,
    {{ settled_ending() }},
    greatest(datediff('day', due_date, settled_date), 0)
{%- endset -%}
{{ ledger_cells_carried(
    cells,
    last_release('carried', 'recovery_settled_cells'),
    ['account_type', 'nature', 'ending', 'days_since_due'],
    {'charges': 'bigint'}
) }}
