"""The five figures of the board as a reader sees them: each beside the year before, with the
sentence that says what the change is made of.

Belongs here: figures and sentences. Does not belong here: what they are (board).
"""

from decimal import Decimal

from dashboards import figures, sheet
from dashboards.figures import Figure, From
from dashboards.sections import follow
from dashboards.sections.board import LEVEL, RATE, VOLUME, Board, Compared, Driver, board
from dashboards.source import Reading

_COHORTS = ("recovery", "mart_arrears_cohorts")
_AGEING = ("recovery", "mart_arrears_ageing")
_PERCEPTION = ("contribution", "mart_perception")
_TABLES = (_COHORTS, _AGEING, _PERCEPTION)
#: So many parts of a change are named; the others stand together.
_NAMED = 3


def show(reading: Reading) -> None:
    """Show the figures and their reasons; nothing to whom they are not for."""
    if not all(reading.holds(*table) for table in _TABLES):
        return
    found = board(reading)
    sheet.heading(reading.text("board", quarter=reading.language.quarter(found.quarter)))
    if found.claimed.now is None or found.claimed.now <= 0:
        sheet.info(reading.text("board_none", quarter=reading.language.quarter(found.quarter)))
        return
    figures.show_figures(reading, shown(reading, found))
    for sentence in sentences(reading, found):
        sheet.paragraph(sentence)
    if reading.right.cut:
        sheet.note(reading.text("board_cut", least=reading.right.least))
    follow.figures(reading, *(f"board_{one.name}" for one in found.figures))


def shown(reading: Reading, found: Board) -> list[Figure]:
    """Return the five figures."""
    cohorts, ageing = From(reading, *_COHORTS), From(reading, *_AGEING)
    perception = From(reading, *_PERCEPTION)

    def figure(mart: From, one: Compared, period: str) -> Figure:
        value = _written(reading, one.now, one.unit)
        return mart.own_figure(f"board_{one.name}", value, _beside(reading, one, period))

    before = reading.language.quarter(found.before)
    return [
        figure(cohorts, found.claimed, before),
        figure(cohorts, found.collected, before),
        figure(cohorts, found.rate, before),
        figure(ageing, found.outstanding, before),
        figure(perception, found.perception, str(found.year - 1)),
    ]


def sentences(reading: Reading, found: Board) -> list[str]:
    """Return what the changes are made of: collected, outstanding, article 60bis."""
    said = [_collected(reading, found), _outstanding(reading, found), _perception(reading, found)]
    return [one for one in said if one]


def _collected(reading: Reading, found: Board) -> str:
    one = found.collected
    if not one.change:
        return ""
    change = _euros_changed(one)
    volume = round(sum((d.amount for d in one.drivers if d.kind == VOLUME), Decimal(0)))
    points = found.rate.change
    return reading.text(
        "board_collected_sentence",
        change=reading.language.change(change, 0),
        before=reading.language.quarter(found.before),
        volume=reading.language.change(volume, 0),
        rate=reading.language.change(change - volume, 0),
        points="–" if points is None else _points(reading, points),
        parts=_parts(reading, one),
    )


def _outstanding(reading: Reading, found: Board) -> str:
    one = found.outstanding
    if not one.change:
        return ""
    return reading.text(
        "board_outstanding_sentence",
        change=reading.language.change(_euros_changed(one), 0),
        before=reading.language.quarter(found.before),
        parts=_parts(reading, one),
    )


def _euros_changed(one: Compared) -> Decimal:
    """The change in whole euros between the two amounts as they are written above: who subtracts
    them finds it."""
    return Decimal(round(one.now) - round(one.before))


def _perception(reading: Reading, found: Board) -> str:
    one = found.perception
    if one.change is None:
        return ""
    return reading.text(
        "board_perception_sentence",
        year=found.year,
        value=_written(reading, one.now, one.unit),
        points=_points(reading, one.change),
        before=found.year - 1,
    )


def _parts(reading: Reading, one: Compared) -> str:
    """The largest parts in words, and the rest, in whole euros that add up to the change."""
    amounts = [Decimal(round(driver.amount)) for driver in one.drivers[:_NAMED]]
    rest = _euros_changed(one) - sum(amounts)
    if len(one.drivers) <= _NAMED:
        # Nothing else changed: what rounding leaves belongs to the largest part.
        amounts[0] += rest
        rest = Decimal(0)
    named = [_part(reading, *pair) for pair in zip(one.drivers[:_NAMED], amounts, strict=True)]
    if rest:
        named.append(reading.text("board_rest", amount=reading.language.change(rest, 0)))
    return "; ".join(named) if reading.lang == "nl" else "\u00a0; ".join(named)


def _part(reading: Reading, driver: Driver, amount: Decimal) -> str:
    nature = reading.label("nature", driver.nature)
    key = {VOLUME: "board_part_volume", RATE: "board_part_rate", LEVEL: "board_part"}[driver.kind]
    return reading.text(key, nature=nature, amount=reading.language.change(amount, 0))


def _beside(reading: Reading, one: Compared, period: str) -> str:
    if one.before is None:
        return ""
    before = _written(reading, one.before, one.unit)
    return reading.text("board_before", period=period, value=before)


def _written(reading: Reading, value: Decimal | None, unit: str) -> str:
    if unit == "share":
        return reading.language.percent(value)
    return reading.language.euros(value, 0)


def _points(reading: Reading, change: Decimal) -> str:
    points = round(100 * change, 1)
    sign = "+" if points > 0 else "−" if points < 0 else ""
    return reading.text("board_points", points=f"{sign}{reading.language.number(abs(points), 1)}")
