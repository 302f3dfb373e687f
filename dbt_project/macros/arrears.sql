{#
Ages and states of a debt, as small numbers while they are computed: 0 not due yet, 1 to 6 the age buckets of
definitions.md section 4, 7 settled. Readers see the literal labels.
#}
{% macro arrears_states() -%}
    {{ return(['not_due', '1-90', '91-180', '181-365', '366-730', '731-1825', '>1825', 'settled']) }}
{%- endmacro %}

{# State of a charge with something outstanding, from its days past due: below 1 it is not due yet. #}
{% macro arrears_state(days) -%}
    cast(case
        when {{ days }} < 1 then 0
        {%- for last_day in [90, 180, 365, 730, 1825] %}
        when {{ days }} <= {{ last_day }} then {{ loop.index }}
        {%- endfor %}
        else 6
    end as tinyint)
{%- endmacro %}

{# The label of a state. #}
{% macro arrears_state_text(state) -%}
    case {{ state }}
        {%- for label in arrears_states() %}
        when {{ loop.index0 }} then '{{ label }}'
        {%- endfor %}
    end
{%- endmacro %}

{# Types of charges that claim contributions (definitions.md section 3); surcharges and costs are shown apart. #}
{% macro is_contribution(charge_type) -%}
    {{ charge_type }} in ('provisional', 'regularisation', 'company_contribution')
{%- endmacro %}

{#
The quarter ends at which arrears are counted have the number of their quarter. The as-of date has the number of the
quarter it lies in: that quarter's end itself, or the running quarter as far as it is known.
#}
{% macro reference_date(index, as_of) -%}
    least({{ quarter_index_end(index) }}, {{ as_of }})
{%- endmacro %}

{#
One bound (sign - or +) of the 95 % interval of a share by Wilson's score (E. B. Wilson, JASA 22, 1927, 209-212): unlike
the usual one it stays within 0 and 1 and says something for one case or for none that succeeded. Null without cases.
#}
{% macro wilson_bound(successes, cases, sign) -%}
{%- set z = '1.959964' -%}
    cast(
        case
            when {{ cases }} > 0
                then least(greatest((
                    {{ successes }} + {{ z }} * {{ z }} / 2.0
                    {{ sign }} {{ z }} * sqrt(
                        cast({{ successes }} as double) * ({{ cases }} - {{ successes }}) / {{ cases }}
                        + {{ z }} * {{ z }} / 4.0
                    )
                ) / ({{ cases }} + {{ z }} * {{ z }}), 0), 1)
        end as double
    )
{%- endmacro %}

{# Ways in which a debt ends. #}
{% macro debt_endings() -%}
    {{ return(['paid', 'relieved', 'prescribed', 'irrecoverable']) }}
{%- endmacro %}

{# How a settled debt ended: paid when at least half of what settled it was money. #}
{% macro settled_ending() -%}
    case when net_amount <> 0 and collected_amount >= credited_amount then 'paid' else 'relieved' end
{%- endmacro %}
