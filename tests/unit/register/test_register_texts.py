"""The sentences of the register: three languages, the same values, none missing, none too many."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from exports.register.states import MOVES, STATES
from exports.register.texts import LANGUAGES, TEXTS, say

PROJECT = Path(__file__).resolve().parents[3]


def test_texts_are_complete_and_take_the_same_values():
    for key, text in TEXTS.all.items():
        assert set(text) == set(LANGUAGES), key
        values = {
            tuple(sorted({name for _, name, _, _ in string.Formatter().parse(text[lang]) if name}))
            for lang in LANGUAGES
        }
        assert len(values) == 1, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_state_and_action_has_its_word(lang):
    words = [say(f"state_{state}", lang) for state in STATES]
    assert len(set(words)) == len(STATES)
    for action, _, _ in MOVES:
        assert say(f"action_{action}", lang)
        assert say(f"event_{action}", lang)


def test_every_text_is_used_and_every_used_text_exists():
    code = "\n".join(
        file.read_text(encoding="utf-8")
        for folder in ("exports/register", "dashboards/desk", "orchestration")
        for file in (PROJECT / folder).rglob("*.py")
    )
    texts = set(TEXTS.all)
    said = set(re.findall(r'\bdesk\.say\(\s*"(\w+)"', code))
    said |= set(re.findall(r'self\.say\(\s*"(\w+)"', code))
    assert said - texts == set()
    # Put together in the code: state_…, fault_… and the like.
    kinds = {f"{kind}_" for kind in re.findall(r'\bf"(\w+)_\{', code)}
    quoted = set(re.findall(r'"(\w+)"', code))
    unused = {key for key in texts if key not in quoted and f"{key.split('_')[0]}_" not in kinds}
    assert unused == set()
