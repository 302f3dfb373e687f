{#
Whole numbers in place of text identifiers, for the imputation ledger only: at the size of the country its three sorts
carry 100 million rows, and a number sorts and travels at half the price of a 13-character text.

  account   A00000012 -> 12, C00000012 -> 100000012
  charge    D000000000012 -> 12 (payments likewise); 40 bits hold any 12 digits
  code      22 bits date (days since 0001-01-01) | 2 bits kind | 40 bits number, in one UBIGINT
Kinds of credit: 0 payment, 1 regularisation credit, 2 relief excess (whose number is a row number, its identifier
being free text). What readers see are views that write the text identifiers again.

  claim     14 bits year of issue | 8 bits contribution year less 1900 | 3 bits quarter (0: a yearly amount)
            | 4 bits rank of the charge type | 4 bits rank of the nature, in one UBIGINT: all that statistics ask of a
            charge, carried by each allocation, so that none of 60 million has to look its charge up.
#}
{% macro account_key(column) -%}
    (cast(substr({{ column }}, 2) as integer) + case when {{ column }} like 'C%' then {{ first_company_key() }} else 0 end)
{%- endmacro %}

{# Keys of companies begin here; those of affiliates end before. #}
{% macro first_company_key() -%}
    100000000
{%- endmacro %}

{% macro last_account_key() -%}
    199999999
{%- endmacro %}

{% macro account_id(key) -%}
    (case when {{ key }} >= {{ first_company_key() }} then 'C' else 'A' end
        || substr(cast({{ key }} % {{ first_company_key() }} + {{ first_company_key() }} as varchar), 2))
{%- endmacro %}

{% macro account_type(key) -%}
    (case when {{ key }} < {{ first_company_key() }} then 'affiliate' else 'company' end)
{%- endmacro %}

{% macro id_number(column) -%}
    cast(substr({{ column }}, 2) as ubigint)
{%- endmacro %}

{# Adding a one in front and cutting it off again pads with zeros at half the price of lpad. #}
{% macro id_text(letter, number) -%}
    ('{{ letter }}' || substr(cast({{ number }} + 1000000000000 as varchar), 2))
{%- endmacro %}

{% macro ledger_code(date, kind, number) -%}
    ((cast(datediff('day', date '0001-01-01', {{ date }}) as ubigint) << 42)
        | (cast({{ kind }} as ubigint) << 40)
        | {{ number }})
{%- endmacro %}

{# Credits of one account in order of date and identifier (ruling A5), where only payments (P…, kind 0) and regularisation
   credits (D…, kind 1) are among them: D comes before P. #}
{% macro credits_in_order(code) -%}
    xor({{ code }}, cast(1099511627776 as ubigint))
{%- endmacro %}

{% macro code_number(code) -%}
    ({{ code }} & 1099511627775)
{%- endmacro %}

{% macro code_kind(code) -%}
    cast(({{ code }} >> 40) & 3 as utinyint)
{%- endmacro %}

{% macro code_date(code) -%}
    (date '0001-01-01' + cast({{ code }} >> 42 as integer))
{%- endmacro %}

{% macro claim_code(issue_date, contribution_year, contribution_quarter, type_rank, nature_rank) -%}
    ((cast(extract(year from {{ issue_date }}) as ubigint) << 19)
        | (cast({{ contribution_year }} - 1900 as ubigint) << 11)
        | (cast(coalesce({{ contribution_quarter }}, 0) as ubigint) << 8)
        | (cast({{ type_rank }} as ubigint) << 4)
        | cast({{ nature_rank }} as ubigint))
{%- endmacro %}

{# The same claim with another nature, where there is one (a charge may inherit its nature, ruling A13). #}
{% macro claim_code_of_nature(code, nature_rank) -%}
    ({{ code }} - ({{ code }} & 15) + coalesce(cast({{ nature_rank }} as ubigint), {{ code }} & 15))
{%- endmacro %}

{# The same claim without its quarter and its year of issue: contribution year, type and nature. #}
{% macro claim_code_of_year(code) -%}
    ({{ code }} & 522495)
{%- endmacro %}

{% macro claim_issue_year(code) -%}
    cast({{ code }} >> 19 as smallint)
{%- endmacro %}

{% macro claim_contribution_year(code) -%}
    cast((({{ code }} >> 11) & 255) + 1900 as smallint)
{%- endmacro %}

{% macro claim_quarter(code) -%}
    cast(({{ code }} >> 8) & 7 as utinyint)
{%- endmacro %}

{% macro claim_type_rank(code) -%}
    cast(({{ code }} >> 4) & 15 as smallint)
{%- endmacro %}

{% macro claim_nature_rank(code) -%}
    cast({{ code }} & 15 as smallint)
{%- endmacro %}

{# Two codes as one number of 128 bits; the first may have 63. #}
{% macro two_codes(first, second) -%}
    ((cast({{ first }} as hugeint) << 64) | {{ second }})
{%- endmacro %}

{% macro first_code(codes) -%}
    cast({{ codes }} >> 64 as ubigint)
{%- endmacro %}

{% macro second_code(codes) -%}
    cast({{ codes }} & 18446744073709551615 as ubigint)
{%- endmacro %}

{#
Place of an identifier among all texts in byte order (ruling A5), as a number: odd for a letter and 12 digits, even in
between for anything else (a relief request's identifier is free text). Texts that share an even place are then
ordered by themselves.
#}
{% macro id_place(letter_code, number) -%}
    cast(({{ letter_code }} * 1000000000000 + {{ number }}) * 2 + 1 as bigint)
{%- endmacro %}

{% macro text_place(column) -%}
    {%- set digits = "regexp_extract(substr(" ~ column ~ ", 2), '^[0-9]{0,12}')" -%}
    {%- set after = "substr(" ~ column ~ ", 2 + length(" ~ digits ~ "), 1)" -%}
    cast(
        (ascii({{ column }}) * 1000000000000 + cast(
            rpad({{ digits }}, 12, case when {{ after }} > '9' then '9' else '0' end) as bigint
        )) * 2
        + case when length({{ digits }}) = 12 or {{ after }} > '9' then 2 else 0 end
        as bigint
    )
{%- endmacro %}
