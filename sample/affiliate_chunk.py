"""What is known of a chunk of affiliates once their money is settled.

Belongs here: what benefits, transmissions and service are handed. Does not belong here: making it
(chunks.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .calibration import Context
from .careers import Careers
from .charges import ChargeRows, Ledger
from .collection import Collected
from .contributions import Incomes, Principal
from .people import People
from .relief import Requests


@dataclass
class AffiliateChunk:
    """What benefits and service need of a chunk of affiliates."""

    people: People
    careers: Careers
    money: Incomes
    due: Principal
    rows: ChargeRows
    out: Collected
    ledger: Ledger
    requests: Requests
    #: Persons who settle their debts collectively, and from which day.
    settling: np.ndarray
    settling_on: np.ndarray
    maternity_person: np.ndarray | None = None
    maternity_decided: np.ndarray | None = None

    def maternity(self, ctx: Context) -> tuple[np.ndarray, np.ndarray]:
        """Persons granted maternity help within the months kept, and the day of the decision."""
        keep = (self.maternity_decided >= ctx.service_start) & (self.maternity_decided <= ctx.full)
        return self.maternity_person[keep], self.maternity_decided[keep]
