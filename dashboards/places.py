"""Names of places in the language of the page, where a source wrote them in one of the two.

Belongs here: finding a name among those of municipalities and provinces (a judicial district has
the name of either). Does not belong here: codes of places, which have their labels
(`Reading.label`).
"""

import pandas as pd

from dashboards.source import Reading

_NAMES = """
select distinct label_fr as name_fr, label_nl as name_nl from core.dim_code
where list_name = 'residence'
"""


def in_language(reading: Reading, names: pd.Series) -> pd.Series:
    """Return names of places as the language has them; one that is neither's stays."""
    known = reading.query(_NAMES)
    shown = f"name_{reading.lang}"
    by_name = {}
    # A name that is one in this language stands, whatever it means in the other.
    for column in ("name_fr", "name_nl", shown):
        by_name |= dict(zip(known[column], known[shown], strict=True))
    return names.map(lambda name: by_name.get(name, name)).astype(object)
