"""Faults happen to a data folder with one release, or with one that waits."""

from __future__ import annotations

from tests.pipeline.conftest import home, published, waiting

__all__ = ["home", "published", "waiting"]
