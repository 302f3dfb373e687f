"""What a statistic is called in SDMX: ids, dimensions, attributes, lists of codes.

Belongs here: names and their rules. Does not belong here: messages (structure.py, data.py), the
rules held against data (conformance.py).
"""

import re
from dataclasses import dataclass

from exports.catalogue import TOTAL, Code, Statistic, order_of
from exports.errors import BadDeclaration
from exports.package import Contents, Part
from exports.periods import frequency
from exports.signs import HIDDEN, NOT_APPLICABLE, NOT_AVAILABLE, SHOWN
from exports.texts import LANGUAGES, basis, known_texts, sentence, text
from exports.units import unit_of, units
from exports.writers.csv import known_code, measure_list

AGENCY = "CNA_NH"
VERSION = "1.0"
FREQUENCIES = {"year": "A", "quarter": "Q", "month": "M"}
TIME, MEASURE, VALUE = "TIME_PERIOD", "MEASURE", "OBS_VALUE"
#: Attributes of an observation, with the list each is of (None: a number).
ATTRIBUTES = {
    "UNIT_MEASURE": "unit",
    "DECIMALS": None,
    "OBS_STATUS": "obs_status",
    "CONF_STATUS": "conf_status",
    "COUNT_BASIS": "count_basis",
}
OPTIONAL = ("DECIMALS", "COUNT_BASIS")
#: Attributes of the whole dataset: texts.
OF_DATASET = ("SNAPSHOT_DATE", "RELEASE_ID")

_SIGNS = {"<": "LT", ">": "GT", "+": "GE"}
_ID = re.compile(r"[A-Za-z0-9_@$\-]+")


@dataclass(frozen=True)
class Column:
    """A component of the structure of a statistic: its id, labels and list of codes, if any."""

    id: str
    label_fr: str
    label_nl: str
    list_name: str | None
    definition_fr: str = ""
    definition_nl: str = ""


def code_id(code: str) -> str:
    """Return the id of a code: the code itself, but for `<20` (LT20) and `70+` (GE70), whose signs
    SDMX does not allow.
    """
    if code[:1] in "<>" and code:
        return _SIGNS[code[0]] + code[1:]
    return _SIGNS["+"] + code[:-1] if code.endswith("+") else code


def code_id_sql(column: str) -> str:
    """SQL for the id of a code."""
    return (
        f"case when {column} like '<%' then '{_SIGNS['<']}' || {column}[2:]"
        f" when {column} like '>%' then '{_SIGNS['>']}' || {column}[2:]"
        f" when {column} like '%+' then '{_SIGNS['+']}' || {column}[:-2] else {column} end"
    )


def list_id(list_name: str) -> str:
    """Return the id of a list of codes."""
    return f"CL_{list_name.upper()}"


def time_period(ref_period: str) -> str:
    """Return a period as SDMX writes it: 2025, 2025-Q3, 2025-09."""
    return ref_period.replace("Q", "-Q")


def dimensions(statistic: Statistic) -> list[Column]:
    """Return the dimensions of a statistic in the order of its key, without the time."""
    own = [
        Column(
            one.name.upper(),
            one.label_fr,
            one.label_nl,
            one.list_name,
            one.definition_fr,
            one.definition_nl,
        )
        for one in statistic.dimensions
    ]
    return [_said("FREQ", "freq"), *own, _said(MEASURE, measure_list(statistic))]


def attributes() -> list[Column]:
    """Return what is said of each value."""
    return [_said(name, list_name) for name, list_name in ATTRIBUTES.items()]


def of_dataset() -> list[Column]:
    """Return what is said once of a whole dataset."""
    return [_said(name, None) for name in OF_DATASET]


def time_and_value() -> list[Column]:
    """Return the two components that every statistic has alike."""
    return [_said(TIME, None), _said(VALUE, None)]


def _said(name: str, list_name: str | None) -> Column:
    fr, nl = (text(f"sdmx_{name}", lang) for lang in LANGUAGES)
    return Column(name, fr, nl, list_name)


def code_lists(contents: Contents) -> dict[str, list[Code]]:
    """Return every list of a package, by its name, in order: whole, not only the codes that occur,
    so that a list says the same in every package of a release.
    """
    found: dict[str, list[Code]] = {}
    for part in contents.parts:
        for one in part.statistic.dimensions:
            held = contents.codes[one.list_name]
            used = contents.used[one.list_name]
            codes = sorted(
                {TOTAL, *held, *used}, key=lambda code, known=held: order_of(known, code)
            )
            found[one.list_name] = [known_code(contents, one.list_name, code) for code in codes]
        found[measure_list(part.statistic)] = _measures(part)
    found |= _fixed()
    for name, codes in found.items():
        _check(name, codes, contents)
    return dict(sorted(found.items()))


def _measures(part: Part) -> list[Code]:
    return [
        Code(one.name, one.label_fr, one.label_nl, place, False)
        for place, one in enumerate(part.statistic.measures)
    ]


def _fixed() -> dict[str, list[Code]]:
    """Lists that do not depend on the data."""
    statuses = (SHOWN, HIDDEN, NOT_APPLICABLE, NOT_AVAILABLE)
    return {
        "freq": [
            _code(code, [text(f"frequency_{name}", lang) for lang in LANGUAGES])
            for name, code in FREQUENCIES.items()
        ],
        "unit": [_code(one.code, [one.label_fr, one.label_nl]) for one in map(unit_of, units())],
        "obs_status": [
            _code(c, [text(f"status_{c}", lang) for lang in LANGUAGES]) for c in statuses
        ],
        "conf_status": [
            _code(key[5:], [text(key, lang) for lang in LANGUAGES]) for key in known_texts("conf_")
        ],
        "count_basis": [
            _code(key[6:], [basis(key[6:], lang) for lang in LANGUAGES])
            for key in known_texts("basis_")
        ],
    }


def _code(code: str, labels: list[str]) -> Code:
    return Code(code, *labels, 0, False)


def _check(name: str, codes: list[Code], contents: Contents) -> None:
    """Refuse a list with a code that has no id in SDMX, or two with the same one."""
    ids = [code_id(one.code) for one in codes]
    wrong = [one for one in ids if not _ID.fullmatch(one) or ids.count(one) > 1]
    if wrong:
        code = "-".join(part.statistic.code for part in contents.parts)
        what = f"{name}: {', '.join(wrong)}"
        raise BadDeclaration(sentence("bad_declaration", contents.lang, code=code, what=what))


def freq(ref_period: str) -> str:
    """Return the frequency of a period as SDMX writes it."""
    return FREQUENCIES[frequency(ref_period)]
