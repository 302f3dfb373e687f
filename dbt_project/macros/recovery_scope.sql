{#
Recovery carried on from the last release (docs/decisions/007-recovery-carried-on.md). What an account brings to cohorts,
ageing and roll rates changes when its ledger, its cases or its origin of affiliation do; those accounts are in
int_recovery__accounts_scoped. Tables of account grain in schema `carried` have their rows replaced; cells are those of the
last release, less what the scoped accounts were, plus what they are.
#}
{% macro only_scoped(column) -%}
    {{ return(only_touched(column, 'int_recovery__accounts_scoped')) }}
{%- endmacro %}

{# The same for a column of account numbers. #}
{% macro only_scoped_keys(column) -%}
    {{ return(only_touched(column, 'int_recovery__accounts_scoped', 'account_key')) }}
{%- endmacro %}
