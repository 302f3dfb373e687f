"""What several writers say of a block in the same words: its title, why it is not given, what an
absent row means.

Belongs here: these sentences. Does not belong here: where they stand (front.py, letter.py, csvw.py,
pages), which blocks are given (protection).
"""

from collections.abc import Sequence

from exports.catalogue import Block, Dimension, Measure, Statistic
from exports.cells import LeftOut
from exports.package import Contents, Part
from exports.periods import frequency
from exports.profiles import Profile
from exports.tables import FREQUENCIES, BlockTable, blocks_of, held_frequencies
from exports.texts import joined, text
from exports.units import unit_of


def title(table: BlockTable, lang: str) -> str:
    """Return the title of a table: the block, the statistic, by what, how often."""
    often = text(f"every_{table.frequency}", lang)
    return _title(table.statistic, table.block, table.dimensions, often, lang)


def left_out_title(part: Part, left: LeftOut, lang: str) -> str:
    """Return the title that a block would have had."""
    statistic = part.statistic
    block = next(one for one in blocks_of(statistic) if one.name == left.block)
    asked = {frequency(ref) for ref in part.ref_periods} & held_frequencies(block)
    often = [left.frequency] if left.frequency else [one for one in FREQUENCIES if one in asked]
    names = [n for n in block.dimension_names if n not in block.frequencies]
    return _title(
        statistic,
        block,
        [statistic.dimension(name) for name in names],
        ", ".join(text(f"every_{one}", lang) for one in often),
        lang,
    )


def _title(
    statistic: Statistic, block: Block, dimensions: Sequence[Dimension], often: str, lang: str
) -> str:
    axes = " × ".join(dimension.label(lang) for dimension in dimensions)
    by = f", {text('by', lang)} {axes}" if axes else ""
    return f"{block.name} {statistic.title(lang)}{by}{', ' if often else ''}{often}"


def unit_label(measure: Measure, lang: str) -> str:
    """Return the name of a measure with its unit, which is not said twice."""
    label, unit = measure.label(lang), unit_of(measure.unit)
    said = unit.label(lang)
    if label.endswith(f"({said})"):
        return label
    if label.casefold() == said.casefold():
        said = text("unit_number", lang)
    return f"{label} ({said})"


def left_out_lines(part: Part, profile: Profile, lang: str) -> list[str]:
    """Say which blocks of a statistic are not given, and by which rule."""
    return [_left_out(part, left, profile, lang) for left in part.left_out]


def _left_out(part: Part, left: LeftOut, profile: Profile, lang: str) -> str:
    besides, safe = left.hidden - left.unsafe, left.cells - left.unsafe
    # Each rule has its own share: of all cells, or of those that are safe by themselves.
    some, whole = (left.unsafe, left.cells) if left.rule == "unsafe" else (besides, safe)
    return text(
        f"left_out_{left.rule}" if left.rule else "left_out",
        lang,
        block=left_out_title(part, left, lang),
        cells=left.cells,
        unsafe=left.unsafe,
        besides=besides,
        safe=safe,
        share=f"{100 * some / max(whole, 1):.1f}".replace(".", ","),
        limit=f"{profile.left_out_pct:g}".replace(".", ","),
    )


def hidden_line(part: Part, lang: str) -> str:
    """Say how much of a statistic is not shown; of one without any block, that it is not given."""
    code = part.statistic.code
    if part.is_left_out:
        return text("left_out_whole", lang, code=code)
    return text("hidden_of", lang, code=code, hidden=sum(part.hidden.values()), cells=part.cells)


def withdrawn_lines(contents: Contents, lang: str) -> list[str]:
    """Say which figures of what a package corrects hold no longer and are not given anew."""
    found = []
    for one in contents.withdrawn:
        part = next(part for part in contents.parts if part.statistic.code == one.code)
        said = text("withdrawn_cells", lang, code=one.code, cells=one.cells, changed=one.changed)
        titles = [
            left_out_title(part, LeftOut(block, 0, 0, often), lang) for block, often in one.blocks
        ]
        if titles:
            said = f"{said} {text('withdrawn_blocks', lang, blocks=joined(titles, lang))}"
        found.append(said)
    return found


def absent_line(parts: Sequence[Part], lang: str) -> str:
    """Say what it means that a combination has no row in the CSV: that of blocks which are not
    given says nothing of their figures.
    """
    titles = [left_out_title(part, left, lang) for part in parts for left in part.left_out]
    if not titles:
        return text("column_absent", lang)
    return text("column_absent_left_out", lang, blocks=joined(titles, lang))
