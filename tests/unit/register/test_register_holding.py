"""Who produces and who shows a request reads what the recipient gets of it, and what not at all."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from exports.register.holding import held_by
from orchestration.commands.request_view import holdings


@pytest.fixture
def package(tmp_path):
    """A manifest of three statistics: one given whole, one without a block, one not at all."""
    said = [
        ("T03", 1050, 707, [], False),
        ("T08", 1830, 0, ["T08.2"], False),
        ("T12", 0, 0, ["T12.1", "T12.2", "T12.3"], True),
    ]
    names = ("code", "cells", "hidden_cells", "blocks_left_out", "left_out")
    statistics = [dict(zip(names, one, strict=True)) for one in said]
    (tmp_path / "manifest.json").write_text(json.dumps({"statistics": statistics}))
    return tmp_path


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        (
            "fr",
            [
                "T03 : 1\u202f050 cellules, dont 707 cachées",
                "T08 : 1\u202f830 cellules, dont 0 cachées ; blocs non fournis : T08.2",
                "T12 : rien n'est fourni",
            ],
        ),
        (
            "nl",
            [
                "T03: 1.050 cellen, waarvan 707 verborgen",
                "T08: 1.830 cellen, waarvan 0 verborgen; niet geleverde blokken: T08.2",
                "T12: niets geleverd",
            ],
        ),
    ],
)
def test_what_is_hidden_and_what_is_not_given_is_said(package, lang, lines):
    desk = SimpleNamespace(lang=lang, package=lambda request, version: package)
    found = holdings(None, desk)
    assert found[:2] == lines[:2]
    assert found[2].startswith(lines[2])
    assert len(found) == 3


def test_a_package_that_is_gone_or_cannot_be_read_holds_nothing(package):
    (package / "manifest.json").write_text("{")
    assert held_by(package) == []
    assert held_by(package / "nowhere") == []
