{#
Benefits (definitions section 5; list law_benefit_amounts). Halves and partial amounts are in the list, never computed.
#}

{# Amount of one unit in force on a date, by benefit, unit (month, week, day, half_day, voucher) and variant (single, family,
   full, partial; macro benefit_variant); null when the list has none. A scalar: fits in any select list. #}
{% macro benefit_unit_amount(benefit, unit, variant, date) -%}
    (
        select cast(amounts.value as decimal(14, 2))
        from {{ ref('law_benefit_amounts') }} as amounts
        where
            amounts.benefit = {{ benefit }}
            and amounts.benefit_unit = {{ unit }}
            and amounts.variant = {{ variant }}
            and {{ is_in_force('amounts', date) }}
    )
{%- endmacro %}

{# Which amount applies: bridging right goes by family charge, an informal carer's by full or partial interruption. #}
{% macro benefit_variant(benefit, with_family_charge, is_partial='false') -%}
    case
        when {{ benefit }} = 'bridging_right' and coalesce({{ with_family_charge }}, false) then 'family'
        when {{ benefit }} = 'bridging_right' then 'single'
        when {{ benefit }} = 'informal_carer' and coalesce({{ is_partial }}, false) then 'partial'
        else 'full'
    end
{%- endmacro %}

{#
Legal amount of a benefit payment: units x the amount in force on the first day of its period. In benefit.fct_payments:
    benefit_amount('claims.benefit', 'payments.unit', 'payments.units', 'claims.with_family_charge',
        'payments.period_start')
Null when no amount is listed for the unit and the date. The extracts do not say that an interruption is partial, so a
carer's month is expected in full.
#}
{% macro benefit_amount(benefit, unit, units, with_family_charge, period_start, is_partial='false') -%}
    cast(round(
        {{ units }} * {{ benefit_unit_amount(
            benefit, unit, benefit_variant(benefit, with_family_charge, is_partial), period_start
        ) }}, 2
    ) as decimal(18, 2))
{%- endmacro %}
