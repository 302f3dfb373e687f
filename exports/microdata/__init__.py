"""Microdata: one row per person and quarter, or per message, for a recipient who may have them.

Belongs here: the careers that INASTI gets of the affiliates of the fund, under pseudonyms, with the
totals that reconcile them with the release and the dictionary of their columns. Does not belong
here: tables of cells (answer.py), which protection hides for whoever is not INASTI.
"""

from exports.microdata.delivery import Microdata, write_microdata

__all__ = ["Microdata", "write_microdata"]
