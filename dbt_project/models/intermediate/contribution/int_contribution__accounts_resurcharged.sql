{#- Accounts whose surcharges may have become right, wrong or due: those compared with the law again and, once a
    quarter, those that owed something at a quarter end whose notices should have left by now. -#}
{%- set ledger, runs = ref('fct_charges_ledger'), ref('recovery_open_runs') -%}
{%- set last_before, last_now = last_noticed_quarters() if is_incremental_build() else (none, none) -%}
{%- set query -%}
select
    account_id,
    account_key
from {{ ref('int_contribution__accounts_reassessed') }}
{%- if last_now != last_before %}
union
select
    {{ account_id('account_key') }} as account_id,
    account_key
from {{ runs }}
where from_index <= {{ last_now }} and (to_index is null or to_index > {{ last_before }})
union
select
    {{ account_id('account_key') }} as account_id,
    account_key
from {{ ledger }}
where
    charge_type = 'company_contribution'
    and (settled_date is null or {{ quarter_index('settled_date') }} > {{ last_before }})
{%- endif -%}
{%- endset -%}
{{ in_incremental(query, {'account_id': 'varchar', 'account_key': 'integer'}) }}
