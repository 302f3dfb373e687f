{#
Types of codes in the ledgers. A ledger of tens of millions of rows keeps a code as one byte: as text, three such columns
were a third of the time of writing the charges. The codes are in alphabetical order, so that they sort as text does; what
readers see (views and marts) is text. tests/contract/test_dbt_conventions.py holds them equal to what may be delivered.
#}
{% macro code_type(list_name) -%}
    {%- set codes = {
        'charge_type': [
            'cancellation', 'company_contribution', 'company_surcharge', 'legal_costs', 'provisional', 'regularisation',
            'surcharge_annual', 'surcharge_quarterly'
        ],
        'category': [
            'article_37', 'complementary', 'early_pensioner', 'main', 'pensioner', 'spouse_maxi', 'spouse_mini', 'student'
        ],
        'nature': ['after_pension', 'company', 'complementary', 'main', 'unknown']
    } -%}
    enum('{{ codes[list_name] | join("', '") }}')
{%- endmacro %}
