"""Faults happen to a data folder with one release."""

from __future__ import annotations

from tests.pipeline.conftest import home, published

__all__ = ["home", "published"]
