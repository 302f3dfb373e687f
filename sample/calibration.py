"""One run: its arguments, its settings files, its streams of random numbers.

Belongs here: what every later module asks of the run. Does not belong here: any fact about the
fund (calibration.yaml, anomalies.yaml) or the law (law.py).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import yaml

from .calendar import date_of, day, quarter_of

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Context:
    """One run: its arguments, its calibration, its dates.

    full: day number of the full delivery; last: business date of the last delta.
    """

    affiliates: int
    companies: int
    start: int
    full: int
    deltas: int
    seed: int
    profile: dict = field(repr=False)
    anomalies: dict = field(repr=False)

    @property
    def last(self) -> int:
        """Business date of the last delivery."""
        return self.full + self.deltas

    @property
    def first_quarter(self) -> int:
        """First quarter with contributions in the extracts."""
        return int(quarter_of(self.start))

    @property
    def last_quarter(self) -> int:
        """Quarter of the last delivery."""
        return int(quarter_of(self.last))

    @property
    def service_start(self) -> int:
        """First day kept of notices, transmissions and contacts (1 January)."""
        year = date_of(self.full).year - int(self.profile["service"]["years_kept"])
        return max(day(year, 1, 1), self.start)

    def rng(self, name: str, chunk: int = 0) -> np.random.Generator:
        """The stream of random numbers of one subject and one chunk; streams do not touch."""
        key = [self.seed, zlib.crc32(name.encode()), chunk]
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))


def load_yaml(name: str) -> dict:
    """A settings file that lies beside this module."""
    with open(HERE / name, encoding="utf-8") as handle:
        return yaml.safe_load(handle)


def pick(rng: np.random.Generator, weights: dict, size: int) -> np.ndarray:
    """Random positions into the keys of a {key: weight} mapping (weights need not add to 1)."""
    share = np.cumsum(np.array(list(weights.values()), dtype=float))
    return np.searchsorted(share / share[-1], rng.random(size), side="right").clip(
        0, len(weights) - 1
    )
