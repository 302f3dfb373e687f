"""The register of the statistics desk: every line, their order, its signed end.

Does not belong here: looking (exports/register/chain.py), packages (`vigie verify`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from orchestration.doctor.finding import Finding
from orchestration.settings import Settings


def register(settings: Settings) -> Iterator[Finding]:
    """The register is what the desk wrote; a data folder without a desk has none."""
    url = os.environ.get("VIGIE_REGISTER")
    if not url and not (settings.home / "desk").is_dir():
        return
    # Late: the libraries of databases, for who has a desk.
    from exports.register.chain import check, resealed
    from exports.register.store import Store

    store = Store(settings.home, url, lang=settings.lang)
    for fault in check(store):
        sentence = fault.sentence(settings.lang)
        yield Finding("told", is_fault=True, values={"sentence": sentence})
    for seal in resealed(store):
        sentence = seal.sentence(settings.lang)
        yield Finding("told", is_fault=not seal.is_anchored, values={"sentence": sentence})
