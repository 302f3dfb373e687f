"""Tests that share a world stay on one worker; else each worker builds it again."""

from __future__ import annotations

import pytest


def test_a_file_is_one_group(request):
    if not request.config.getoption("loadgroup", False):
        pytest.skip("one process: nothing is distributed")
    # What a worker tells is what the tests are distributed by.
    assert request.node.nodeid.endswith("@tests/contract/test_groups.py")
