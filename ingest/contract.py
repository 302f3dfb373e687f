"""The contracts of the extracts, read from `contracts/*.odcs.yaml`.

Here belongs what an extract *is*: columns, keys, domains, references. The files follow the Open
Data Contract Standard and are parsed by its own library; this module only turns them into small
frozen objects that the reader, the checks and the dictionary use. How a rule is checked belongs
to `rules.py`; nothing here opens a delivery.

Choices the standard leaves open, made here once:
- a quality rule of type `custom` with engine `vigie` holds an SQL predicate that must not be
  false; dimension `completeness` makes it rule `required`, any other rule `domain`; the custom
  property `scope: target` says it compares the row (`this`) with the one referred to (`target`);
- several relationships of one column mean *any of them* (an account is an affiliate or a company);
- the custom property `codeList` names a list under `reference/`; `says_fr` and `says_nl` of a rule
  say what its description says.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import yaml
from open_data_contract_standard.model import OpenDataContractStandard, SchemaProperty

from ingest.errors import IngestError
from ingest.texts import Said, named, said

CONTRACTS = Path(__file__).parent / "contracts"
ENGINE = "vigie"
PSEUDONYM = "person_key"


@dataclass(frozen=True)
class Reference:
    """A column refers to `extract`.`column` (the only key column of that extract)."""

    extract: str
    column: str


@dataclass(frozen=True)
class Check:
    """One declared predicate: `rule` is `domain` or `required`, `scope` is `row` or `target`."""

    name: str
    rule: str
    predicate: str
    says: Said
    scope: str


@dataclass(frozen=True)
class Column:
    """One column as delivered. `personal` is `none`, `quasi`, `health` or `direct`."""

    name: str
    type: str
    key: bool
    required: bool
    personal: str
    description: str
    label_fr: str
    label_nl: str
    values: tuple[str, ...] = ()
    pattern: str | None = None
    code_list: str | None = None
    minimum: int | float | str | None = None
    maximum: int | float | str | None = None
    exclusive_minimum: int | float | str | None = None
    references: tuple[Reference, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def stored_name(self) -> str:
        """Name in the raw history: the national number is stored as a pseudonym only."""
        return PSEUDONYM if self.personal == "direct" else self.name


@dataclass(frozen=True)
class Contract:
    """One extract: its columns in the order of the interface, and what people say about it.

    `keep_years` are years after a dossier was closed, for the reason `keep_ground_…`: what the fund
    declares (docs/processing-register.md); adjustable, the data protection officer confirms them.
    """

    name: str
    rank: int
    description: str
    grain: str
    label_fr: str
    label_nl: str
    owner: str
    cadence: str
    version: str
    columns: tuple[Column, ...]
    keep_years: int
    keep_ground_fr: str
    keep_ground_nl: str

    @cached_property
    def said(self) -> Said:
        """Its name in a sentence: technical, in French and Dutch with its label."""
        return named(self.name, f"« {self.label_fr} » ({self.name})",
                     f"'{self.label_nl}' ({self.name})")

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.key)

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def stored(self) -> tuple[tuple[str, str], ...]:
        """(name, type) of each column of the raw history, audit columns left out."""
        return tuple((column.stored_name, column.type) for column in self.columns)

    @property
    def has_amount(self) -> bool:
        """Whether the manifest gives a control total (the sum of the column `amount`)."""
        return "amount" in self.by_name

    @property
    def has_direct(self) -> bool:
        return any(column.personal == "direct" for column in self.columns)


@cache
def load_contracts() -> dict[str, Contract]:
    """All contracts by extract name, in the order of the interface.

    Errors: IngestError when a file does not follow the standard or contradicts another file.
    """
    contracts = sorted((_read(path) for path in CONTRACTS.glob("*.odcs.yaml")),
                       key=lambda contract: contract.rank)
    found = {contract.name: contract for contract in contracts}
    for contract in contracts:
        for column in contract.columns:
            for ref in column.references:
                if ref.extract not in found or found[ref.extract].keys != (ref.column,):
                    raise IngestError(f"Contract {contract.name}: {column.name} refers to "
                                      f"{ref.extract}.{ref.column}, which is not a key.")
    return found


def read_contracts(place: Path) -> dict[str, Contract]:
    """Contracts that stand elsewhere, by extract name: one file, or the `*.odcs.yaml` of a folder.

    Errors: IngestError when there are none, or one does not follow the standard.
    """
    files = sorted(place.glob("*.odcs.yaml")) if place.is_dir() else [place]
    if not files or not all(file.is_file() for file in files):
        raise IngestError(said("error.no_contract", place=place))
    return {contract.name: contract for contract in map(_read, files)}


def parents_first(contracts: dict[str, Contract]) -> list[Contract]:
    """The contracts so that every extract comes after those it refers to (itself aside).

    Errors: IngestError when extracts refer to each other in a circle.
    """
    left, done = list(contracts.values()), []
    while left:
        names = {contract.name for contract in left}
        free = [c for c in left if not (parents(c) - {c.name}) & names]
        if not free:
            raise IngestError(f"Contracts refer to each other in a circle: {sorted(names)}.")
        done += free
        left = [contract for contract in left if contract not in free]
    return done


def parents(contract: Contract) -> set[str]:
    """Names of the extracts that `contract` refers to."""
    return {ref.extract for column in contract.columns for ref in column.references}


def _read(path: Path) -> Contract:
    try:
        document = OpenDataContractStandard.from_file(str(path))
        (table,) = document.schema_
        custom = _custom(table)
        frequency = next(sla for sla in document.slaProperties if sla.property == "frequency")
        return Contract(
            name=table.name, rank=int(custom["rank"]), description=table.description,
            grain=table.dataGranularityDescription, label_fr=custom["label_fr"],
            label_nl=custom["label_nl"], owner=document.team.name, cadence=str(frequency.value),
            version=document.version,
            columns=tuple(_column(prop) for prop in table.properties),
            keep_years=int(custom["keep_years"]), keep_ground_fr=custom["keep_ground_fr"],
            keep_ground_nl=custom["keep_ground_nl"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError, StopIteration,
            yaml.YAMLError) as error:
        raise IngestError(f"Contract {path.name} is not as the standard and contract.py want it "
                          f"({type(error).__name__}: {error}).") from error


def _column(prop: SchemaProperty) -> Column:
    custom, options = _custom(prop), prop.logicalTypeOptions or {}
    return Column(
        name=prop.name, type=prop.physicalType, key=bool(prop.primaryKey),
        required=bool(prop.required), personal=prop.classification or "none",
        description=prop.description, label_fr=custom["label_fr"], label_nl=custom["label_nl"],
        values=tuple(str(item.value) for item in prop.enum or ()),
        pattern=options.get("pattern"), code_list=custom.get("codeList"),
        minimum=options.get("minimum"), maximum=options.get("maximum"),
        exclusive_minimum=options.get("exclusiveMinimum"),
        references=tuple(Reference(*relation.to.split(".")) for relation in
                         prop.relationships or ()),
        checks=tuple(
            Check(quality.name, "required" if quality.dimension == "completeness" else "domain",
                  quality.implementation, _says(quality),
                  _custom(quality).get("scope", "row"))
            for quality in prop.quality or () if quality.engine == ENGINE))


def _says(quality) -> Said:
    custom = _custom(quality)
    # Contracts of before say it in English alone.
    return named(quality.description, custom.get("says_fr", quality.description),
                 custom.get("says_nl", quality.description))


def _custom(element) -> dict:
    return {item.property: item.value for item in element.customProperties or ()}
