{#
What is compared between two releases to say what changed: each charge's amounts in the ledger, and each open charge's
place (nature, stage) with the part of it that is still expected. A debt that is written off or prescribed stays in the
ledger but is expected no longer.
#}
{% macro ledger_positions(ledger) -%}
    select
        charge_number,
        nature,
        greatest(gross_amount, 0) as claimed_amount,
        greatest(gross_amount, 0) - net_amount as relieved_amount,
        collected_amount,
        credited_amount
    from {{ ledger }}
{%- endmacro %}

{% macro open_positions(open_charges, as_of) -%}
    select
        charge_number,
        nature,
        stage,
        case when is_written_off then outstanding_amount else 0 end as written_off_amount,
        case when not is_written_off and prescription_date <= {{ as_of }} then outstanding_amount else 0 end
            as prescribed_amount,
        case when not is_written_off and prescription_date > {{ as_of }} then outstanding_amount else 0 end
            as outstanding_amount
    from {{ open_charges }}
{%- endmacro %}
