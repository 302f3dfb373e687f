"""Which statistics a release holds and what they mean, read from the release itself.

Belongs here: statistics, dimensions, measures, code lists as declared in meta.dictionary and
core.dim_code. Does not belong here: anything about one statistic in particular. A new statistic
is one SQL file and one YAML file of the dbt project; nothing here changes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from exports.errors import BadDeclaration, UnknownStatistic
from exports.periods import frequency
from exports.texts import sentence, text
from release.dictionary import Dictionary, Entry

TOTAL = "_T"
#: Codes that mean the same in every list, which may name them otherwise (S10).
SPECIAL = ("_Z", "unknown", "none")


@dataclass(frozen=True)
class Dimension:
    """One breakdown: a column that holds codes of a list, or `_T` for the total.

    `within`: the dimension whose parts its codes are (a category within its nature), or that
    says their level (a commune among the levels of residence).
    """

    name: str
    list_name: str
    label_fr: str
    label_nl: str
    definition_fr: str = ""
    definition_nl: str = ""
    within: str = ""
    health_codes: tuple[str, ...] = ()

    def label(self, lang: str) -> str:
        """Return the name a reader sees."""
        return self.label_nl if lang == "nl" else self.label_fr


@dataclass(frozen=True)
class Measure:
    """One value of the column `measure`, with its unit."""

    name: str
    unit: str
    label_fr: str
    label_nl: str
    definition_fr: str = ""
    definition_nl: str = ""
    additive: bool = True
    # Places after the point; None where only its unit says it.
    decimals: int | None = None
    # Of a ratio: the measures it is taken of.
    numerator: str = ""
    denominator: str = ""
    # Count basis by frequency of the reference period (year, quarter, month); "" for all.
    count_basis: tuple[tuple[str, str], ...] = ()
    # Codes of a dimension that it exists for, where it does not for all: nothing is missing at
    # another one (services that have no duration).
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def exists_at(self, codes: Mapping[str, str]) -> bool:
        """Say whether a cell with these codes, by dimension, can have this measure."""
        return all(codes[name] in held for name, held in self.only if name in codes)

    def basis_of(self, ref_period: str) -> str:
        """Return the count basis of a reference period; empty when none is declared."""
        bases = dict(self.count_basis)
        return bases.get(frequency(ref_period)) or bases.get("", "")

    def label(self, lang: str) -> str:
        """Return the name a reader sees."""
        return self.label_nl if lang == "nl" else self.label_fr


@dataclass(frozen=True)
class Axis:
    """One breakdown of a block, as it is written: `sex`, `service!` (never a total),
    `nature>category` (a part within its whole), `residence:REGION,PROVINCE` (codes by level).
    """

    dimensions: tuple[str, ...]
    has_total: bool = True
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """Cells that a statistic has: every combination of its axes, with all of its measures."""

    name: str
    frequencies: tuple[str, ...]
    axes: tuple[Axis, ...]
    measures: tuple[str, ...]

    @property
    def dimension_names(self) -> tuple[str, ...]:
        """Return the dimensions that are not at their total in every cell of the block."""
        return tuple(name for axis in self.axes for name in axis.dimensions)


def read_axis(written: str) -> Axis:
    """Return the axis that a word of `axes` means."""
    name, _, levels = written.partition(":")
    if levels:
        return Axis((f"{name}_level", f"{name}_code"), levels=tuple(levels.split(",")))
    whole, _, part = written.partition(">")
    named = whole.removesuffix("!")
    return Axis((named, part) if part else (named,), has_total=not whole.endswith("!"))


@dataclass(frozen=True)
class Statistic:
    """One table statistics.stat_tNN as its YAML declares it."""

    code: str
    table: str
    title_fr: str
    title_nl: str
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    blocks: tuple[Block, ...] = ()
    contributor: str = ""
    # Disclosure class: ordinary, or health (a stricter threshold outside INASTI).
    disclosure_class: str = "ordinary"
    notes_fr: tuple[str, ...] = ()
    notes_nl: tuple[str, ...] = ()
    definition_fr: str = ""
    definition_nl: str = ""
    # What its cells have in common with others, as declared (read by protection/linked.py).
    populations: tuple[dict, ...] = field(default=(), compare=False)
    equations: tuple[dict, ...] = field(default=(), compare=False)
    definition_version: str = ""

    @property
    def dimension_names(self) -> tuple[str, ...]:
        """Return the names of the dimension columns, as declared."""
        return tuple(dimension.name for dimension in self.dimensions)

    @property
    def is_health_related(self) -> bool:
        """Say whether the whole table uses the threshold of health data."""
        return self.disclosure_class == "health"

    def dimension(self, name: str) -> Dimension:
        """Return one dimension by its column name."""
        return next(found for found in self.dimensions if found.name == name)

    def title(self, lang: str) -> str:
        """Return the title a reader sees."""
        return self.title_nl if lang == "nl" else self.title_fr

    def count_bases(self, ref_periods: Iterable[str]) -> tuple[str, ...]:
        """Return the distinct count bases of these reference periods; "" where none is declared."""
        found = (m.basis_of(ref) for ref in ref_periods for m in self.measures)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Code:
    """One code of a list, with the place it has in it."""

    code: str
    label_fr: str
    label_nl: str
    rank: float
    is_provisional: bool

    def label(self, lang: str) -> str:
        """Return the name a reader sees."""
        return self.label_nl if lang == "nl" else self.label_fr


def load_catalogue(dictionary: Dictionary) -> dict[str, Statistic]:
    """Return every statistic the release declares, by code, in the order of the codes."""
    found = {}
    for table in dictionary.tables("statistics"):
        if table.meta.get("code"):
            statistic = _statistic(table, dictionary.columns("statistics", table.table))
            found[statistic.code] = statistic
    return dict(sorted(found.items()))


def find_statistics(
    catalogue: dict[str, Statistic], codes: list[str], release_id: str, lang: str = "fr"
) -> list[Statistic]:
    """Return the statistics asked for, each once, in the order of the catalogue.

    Raises UnknownStatistic (one sentence that names the statistics there are).
    """
    # With titles: who asks for the first time does not know the codes.
    existing = ", ".join(f"{one.code} ({one.title(lang)})" for one in catalogue.values()) or "-"
    asked = [code.strip().upper() for code in codes if code.strip()]
    if not asked:
        raise UnknownStatistic(sentence("no_statistic", lang, existing=existing))
    unknown = [code for code in dict.fromkeys(asked) if code not in catalogue]
    if unknown:
        key = "unknown_statistic" if len(unknown) == 1 else "unknown_statistics"
        raise UnknownStatistic(
            sentence(key, lang, asked=", ".join(unknown), release=release_id, existing=existing)
        )
    return [statistic for code, statistic in catalogue.items() if code in asked]


def check_table(cursor, statistic: Statistic, lang: str = "fr") -> None:
    """Raise BadDeclaration when the table lacks a column or holds a measure nobody declared."""
    present = {row[0] for row in cursor.execute(f"describe {statistic.table}").fetchall()}
    needed = ("ref_period", "measure", "obs_value", "contributors", *statistic.dimension_names)
    absent = [name for name in needed if name not in present]
    if not absent:
        declared = {measure.name for measure in statistic.measures}
        held = cursor.execute(f"select distinct measure from {statistic.table}").fetchall()
        absent = sorted({row[0] for row in held} - declared)
    if absent:
        what = ", ".join(absent)
        raise BadDeclaration(sentence("bad_declaration", lang, code=statistic.code, what=what))


def load_codes(cursor, list_names: set[str]) -> dict[str, dict[str, Code]]:
    """Return the codes of the lists: {list_name: {code: Code}} in the order of their rank."""
    rows = cursor.execute(
        """
        select list_name, code, coalesce(label_fr, code), coalesce(label_nl, code),
            coalesce(rank, 1e9), coalesce(is_provisional, false)
        from core.dim_code where list_contains($lists, list_name)
        order by list_name, rank nulls last, code""",
        {"lists": sorted(list_names)},
    ).fetchall()
    found: dict[str, dict[str, Code]] = {name: {} for name in list_names}
    for list_name, *rest in rows:
        found[list_name][rest[0]] = Code(*rest)
    for codes in found.values():
        if codes:
            # Any list can say that there is none, or that it does not apply (S9, S10).
            for code in SPECIAL:
                codes.setdefault(code, _special(code))
    return found


def _special(code: str) -> Code:
    labels = (text(f"special_{code.strip('_')}", lang) for lang in ("fr", "nl"))
    return Code(code, *labels, 1e8, False)


def order_of(codes: dict[str, Code], code: str) -> tuple:
    """Return the sorting key of a code: the total first, then by rank, unlisted ones last."""
    if code == TOTAL:
        return (0, 0, "")
    known = codes.get(code)
    return (1, known.rank, code) if known else (2, 0, code)


def _statistic(table: Entry, columns: list[Entry]) -> Statistic:
    meta = table.meta
    column_of = {entry.column: entry for entry in columns}
    return Statistic(
        code=str(meta["code"]).upper(),
        table=f'"{table.schema}"."{table.table}"',
        title_fr=meta.get("title_fr") or table.label("fr"),
        title_nl=meta.get("title_nl") or table.label("nl"),
        dimensions=tuple(_dimension(e, column_of) for e in meta.get("dimensions") or ()),
        measures=_measures(meta, column_of.get("obs_value")),
        notes_fr=_lines(meta.get("notes_fr")),
        notes_nl=_lines(meta.get("notes_nl")),
        definition_fr=table.definitions.get("fr", ""),
        definition_nl=table.definitions.get("nl", ""),
        blocks=tuple(_block(entry) for entry in meta.get("blocks") or ()),
        contributor=meta.get("contributor") or "",
        disclosure_class=meta.get("class") or "ordinary",
        populations=_populations(meta.get("population")),
        equations=tuple(meta.get("equations") or ()),
        definition_version=_fingerprint([table, *columns]),
    )


def _dimension(entry: dict, column_of: dict[str | None, Entry]) -> Dimension:
    column = column_of.get(entry["name"])
    said = column.definitions if column else {}
    return Dimension(
        name=entry["name"],
        list_name=entry.get("list_name") or entry["name"],
        label_fr=entry.get("label_fr") or entry["name"],
        label_nl=entry.get("label_nl") or entry["name"],
        definition_fr=entry.get("definition_fr") or said.get("fr", ""),
        definition_nl=entry.get("definition_nl") or said.get("nl", ""),
        within=entry.get("within") or "",
        health_codes=tuple(entry.get("health_codes") or ()),
    )


def _block(entry: dict) -> Block:
    return Block(
        name=entry["name"],
        frequencies=tuple(entry["frequencies"]),
        axes=tuple(read_axis(written) for written in entry["axes"].split()),
        measures=tuple(entry["measures"]),
    )


def _measures(meta: dict, value: Entry | None) -> tuple[Measure, ...]:
    """Measures as declared; one alone is defined by the column that holds its value."""
    entries = meta.get("measures") or ()
    said = value.definitions if value and len(entries) == 1 else {}
    return tuple(
        Measure(
            name=entry["name"],
            unit=entry.get("unit") or "",
            label_fr=entry.get("label_fr") or entry["name"],
            label_nl=entry.get("label_nl") or entry["name"],
            definition_fr=entry.get("definition_fr") or said.get("fr", ""),
            definition_nl=entry.get("definition_nl") or said.get("nl", ""),
            additive=bool(entry.get("additive", True)),
            decimals=entry.get("decimals"),
            numerator=entry.get("numerator") or "",
            denominator=entry.get("denominator") or "",
            count_basis=_bases(entry.get("count_basis") or meta.get("count_basis")),
            only=tuple((name, tuple(held)) for name, held in (entry.get("only") or {}).items()),
        )
        for entry in entries
    )


def _populations(declared: str | list | None) -> tuple[dict, ...]:
    """A population is declared by its name, or as a list that says which measures count it."""
    if isinstance(declared, str):
        return ({"name": declared},)
    return tuple(declared or ())


def _bases(declared: str | dict | None) -> tuple[tuple[str, str], ...]:
    """A count basis is declared once, or once per frequency: {year: …, quarter: …}."""
    if isinstance(declared, dict):
        return tuple(declared.items())
    return (("", declared),) if declared else ()


def _lines(written: str | list | None) -> tuple[str, ...]:
    """Notes are declared as one text or as a list of texts."""
    if not written:
        return ()
    texts = written if isinstance(written, list) else [written]
    return tuple(" ".join(str(line).split()) for line in texts)


def _fingerprint(entries: list[Entry]) -> str:
    """Hash of the dictionary entries: it moves when the meaning moves, not when figures do."""
    said = [
        [e.table, e.column, e.data_type, e.description, e.labels, e.definitions, e.meta]
        for e in entries
    ]
    content = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(content.encode("utf-8")).hexdigest()[:16]
