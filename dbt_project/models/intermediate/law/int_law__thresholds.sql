-- Base amount x yearly fraction, rounded to the cent (AR 38 art. 14 §1).
select
    cast(year(numerators.valid_from) as integer) as contribution_year,
    bases.threshold_key,
    cast(
        quotient(cast(bases.value as decimal(12, 3)) * cast(numerators.value as decimal(9, 2)), numerators.divisor)
        as decimal(9, 2)
    ) as threshold_amount,
    cast(bases.value as decimal(12, 3)) as base_amount,
    bases.unit,
    cast(numerators.value as decimal(9, 2)) as numerator,
    numerators.divisor,
    bases.article,
    numerators.article as index_article,
    weakest([bases.certainty, numerators.certainty]) as certainty
from {{ ref('law_index_numerators') }} as numerators
inner join {{ ref('law_base_amounts') }} as bases on is_in_force(bases, numerators.valid_from)
