{#- Carried on from the last release where its lists suffice (int_statistics__cells_carried), else computed anew. -#}
{%- set carried = ref('int_statistics__cells_carried') -%}
{%- set claims_of_all = claims_summed(
    ref('fct_charges_ledger'), ref('fct_allocations_ledger'), as_of_date(), 'true'
) -%}
{%- set unknown = [0] -%}
{%- if is_incremental_build() -%}
{%- set count_unknown -%} select count(*) from {{ carried }} where not is_known {%- endset -%}
{%- set unknown = run_query(count_unknown).rows[0] -%}
{%- endif -%}
{% if unknown[0] %}
with claims_anew as (
    {{ claims_of_all }}
),

cells as (
    {{ claim_cells('claims_anew') }}
)
{% else %}
with cells as (
    select * from {{ carried }}
)
{% endif %}
select
    {{ claim_keys() | join(',\n    ') }},
    column_name,
    cast(amount as decimal(18, 2)) as amount,
    cast(contributors as bigint) as contributors,
    cast(leaders as decimal(18, 2)[]) as leaders
from cells
