{#- A case is told by the charges it holds or held, whatever their account; and a charge is prescribed with the one that
    it points to, however far up. New charges need no search: their accounts are touched. -#}
{%- set ledger = last_release('contribution', 'fct_charges_ledger') -%}
{%- set query -%}
with recursive changed as (
    select held.charge_number
    from {{ ref('int_recovery__charges_held') }} as held
    where held.case_id in (select cases.case_id from {{ ref('int_recovery__cases_changed') }} as cases)
    union
    select cast({{ id_number('changes.charge_id') }} as bigint) as charge_number
    from {{ ref('stg_recovery_case_charges__changes') }} as changes
    union
    select cast({{ id_number('changes.charge_id') }} as bigint) as charge_number
    from {{ ref('stg_charges__changes') }} as changes
    union
    select charges.charge_number
    from {{ ledger }} as charges
    inner join changed on charges.related_charge_number = changed.charge_number
)

select charge_number from changed
{%- endset -%}
{{ in_incremental(query, {'charge_number': 'bigint'}) }}
