"""What a change is made of, in whole euros: who adds the parts up finds the change, and so does who
subtracts the two amounts as they are written.
"""

import re
from decimal import Decimal
from types import SimpleNamespace

import pytest

from dashboards.i18n import Language
from dashboards.sections import board_view
from dashboards.sections.board import LEVEL, RATE, VOLUME, Board, Compared, Driver

_NONE = Compared("other", None, None)


def _reading(lang: str) -> SimpleNamespace:
    language = Language(lang)
    return SimpleNamespace(
        lang=lang, language=language, text=language.text, label=lambda _, code: code
    )


def _euros(said: str) -> list[int]:
    """The signed amounts of a sentence, in its order."""
    found = re.findall(r"([+\u2212])(?:€\u00a0)?([\d.\u202f]+)(?:\u00a0€)?(?![\d,])", said)
    return [int(re.sub(r"\D", "", n)) * (1 if sign == "+" else -1) for sign, n in found]


def _board(collected: Compared, outstanding: Compared) -> Board:
    rate = Compared("rate", Decimal("0.5"), Decimal("0.5"), unit="share")
    return Board("2026Q3", "2025Q3", 2025, _NONE, collected, rate, outstanding, _NONE)


def _compared(before: str, amounts: list[str], kinds: list[str]) -> Compared:
    drivers = tuple(
        Driver(f"n{place}", kind, Decimal(amount))
        for place, (amount, kind) in enumerate(zip(amounts, kinds, strict=True))
    )
    first = Decimal(before)
    return Compared("one", first + sum(d.amount for d in drivers), first, drivers)


@pytest.mark.parametrize("lang", ["fr", "nl"])
@pytest.mark.parametrize(
    ("before", "amounts"),
    [
        ("100.50", ["40.40", "30.40", "20.40", "10.40"]),
        ("0.49", ["1000.50", "-300.50", "200.50", "-100.50", "0.40"]),
        ("99.60", ["500.45", "100.45"]),
        ("10.00", ["0.60", "0.55", "0.52", "0.51", "0.50", "0.49"]),
    ],
)
def test_the_parts_add_up_to_the_euro(lang, before, amounts):
    one = _compared(before, amounts, [LEVEL] * len(amounts))
    (said,) = board_view.sentences(_reading(lang), _board(_NONE, one))
    change, *parts = _euros(said)
    assert change == round(one.now) - round(one.before)
    assert sum(parts) == change
    assert len(parts) >= min(len(amounts), 3)


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_volume_and_rate_add_up_to_the_euro(lang):
    amounts, kinds = ["60.45", "-20.45", "10.45", "5.45"], [VOLUME, RATE, VOLUME, RATE]
    one = _compared("200.30", amounts, kinds)
    (said,) = board_view.sentences(_reading(lang), _board(one, _NONE))
    change, volume, rate, *parts = _euros(said)
    assert change == volume + rate == sum(parts) == round(one.now) - round(one.before)
