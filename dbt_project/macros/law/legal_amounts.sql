{# Types of charge whose amount the law sets and the register of differences judges (B12, B13). Surcharges have one of
   their own (fct_expected_surcharges). #}
{% macro has_legal_amount(charge_type) -%}
    {{ charge_type }} in ('provisional', 'regularisation', 'company_contribution')
{%- endmacro %}

{# Liability of years for which the lists of law hold nothing, as quarters; `years` and `categories` are relations. #}
{% macro quarters_unassessed(years, categories) -%}
    select
        quarters.account_key,
        quarters.contribution_year,
        quarters.contribution_quarter,
        categories.category,
        quarters.quarters_liable,
        quarters.primo_quarter
    from (
        {%- for number in range(1, 5) %}
        select
            account_key,
            contribution_year,
            {{ number }} as contribution_quarter,
            rank_{{ number }} as category_rank,
            quarters_liable,
            cast(primo_{{ number }} as integer) as primo_quarter
        from {{ years }}
        where rank_{{ number }} is not null
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as quarters
    inner join {{ categories }} as categories on quarters.category_rank = categories.rank
{%- endmacro %}
