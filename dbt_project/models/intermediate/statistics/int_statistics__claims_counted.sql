{#- The cells again with their amounts side by side, as the published table reads them. -#}
select
    {{ claim_keys() | join(',\n    ') }},
    {{ claim_amounts_side_by_side() }}
from {{ ref('stat_t08_cells') }}
group by
    {{ claim_keys() | join(',\n    ') }}
