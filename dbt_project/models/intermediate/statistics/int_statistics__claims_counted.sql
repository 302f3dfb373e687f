{#- The cells again with their amounts side by side, as the published table reads them. -#}
select
    {{ claim_keys() | join(',\n    ') }},
    {%- for name in claim_amounts() %}
    max(amount) filter (where column_name = '{{ name }}') as {{ name }},
    coalesce(max(contributors) filter (where column_name = '{{ name }}'), 0) as {{ name }}_contributors,
    max(leaders[1]) filter (where column_name = '{{ name }}') as {{ name }}_largest,
    max(leaders[2]) filter (where column_name = '{{ name }}') as {{ name }}_second{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref('stat_t08_cells') }}
group by
    {{ claim_keys() | join(',\n    ') }}
