select
    municipality_nis,
    name_fr,
    name_nl,
    arrondissement_nis,
    province_nis,
    region_nis,
    linguistic_area,
    valid_from,
    valid_to,
    successor_nis
from {{ ref('municipalities') }}
