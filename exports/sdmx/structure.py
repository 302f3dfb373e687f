"""The structure message: data structures, dataflows, concepts and lists of codes of a package.

Belongs here: these artefacts as pysdmx holds them, and their file. Does not belong here: what they
are called (model.py), the data. pysdmx knows one name of each artefact and takes it for English:
both languages of the fund are put in after it has written.
"""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from pysdmx.io.xml.sdmx30.writer.structure import write as write_message
from pysdmx.model import (
    Code,
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructureDefinition,
    DataType,
    ItemReference,
    Organisation,
    Role,
)
from pysdmx.model.message import Header

from exports.package import Contents, Part
from exports.sdmx import model
from exports.sdmx.model import AGENCY, VERSION, Column
from exports.texts import other, text

_COMMON = "{http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TYPES = {
    model.TIME: DataType.PERIOD,
    model.VALUE: DataType.DECIMAL,
    "DECIMALS": DataType.INTEGER,
}
# (id of the artefact, id of its item or "") → (French, Dutch).
Names = dict[tuple[str, str], tuple[str, str]]


def header(contents: Contents, name: str) -> Header:
    """Return the header of a message: of the day of the release, whenever it is written."""
    return Header(
        id=f"{name}_{contents.release_id}".replace(":", ""),
        prepared=contents.built_at,
        sender=Organisation(id=AGENCY),
    )


def write_structure(path: Path, contents: Contents) -> None:
    """Write the structures of every statistic of a package, with labels in both languages."""
    artefacts, names = _artefacts(contents)
    written = write_message(artefacts, prettyprint=True, header=header(contents, "STRUCTURE"))
    root = etree.fromstring(written.encode(), etree.XMLParser(remove_blank_text=True))
    for element in list(root.iter(f"{_COMMON}Name", f"{_COMMON}Description")):
        _translate(element, names, contents.lang)
    root.addprevious(etree.Comment(f" {text('fund', contents.lang)} "))
    tree = root.getroottree()
    tree.write(path, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def components(part: Part, lists: dict[str, Codelist]) -> Components:
    """Return the components of the data structure of a statistic."""
    statistic = part.statistic
    scheme = _scheme_id(part)
    found = [_component(one, Role.DIMENSION, scheme, lists) for one in model.dimensions(statistic)]
    time, value = model.time_and_value()
    found.append(_component(time, Role.DIMENSION, scheme, lists))
    found.append(_component(value, Role.MEASURE, scheme, lists))
    found += [_component(one, Role.ATTRIBUTE, scheme, lists, "O") for one in model.attributes()]
    found += [_component(one, Role.ATTRIBUTE, scheme, lists, "D") for one in model.of_dataset()]
    return Components(found)


def codelists(contents: Contents) -> dict[str, Codelist]:
    """Return the lists of codes of a package, by name."""
    lang = contents.lang
    return {
        name: Codelist(
            id=model.list_id(name),
            name=name,
            agency=AGENCY,
            version=VERSION,
            items=[Code(id=model.code_id(one.code), name=one.label(lang)) for one in codes],
        )
        for name, codes in model.code_lists(contents).items()
    }


def _artefacts(contents: Contents) -> tuple[list, Names]:
    lists = codelists(contents)
    found: list = [*lists.values()]
    names: Names = {}
    for name, codes in model.code_lists(contents).items():
        for one in codes:
            names[model.list_id(name), model.code_id(one.code)] = (one.label_fr, one.label_nl)
    for one in (column for part in contents.parts for column in _columns(part)):
        if one.list_name:
            names.setdefault((model.list_id(one.list_name), ""), (one.label_fr, one.label_nl))
    for part in contents.parts:
        statistic, scheme = part.statistic, _scheme_id(part)
        title = statistic.title(contents.lang)
        concepts = [_concept(one) for one in _columns(part)]
        found.append(
            ConceptScheme(id=scheme, name=title, agency=AGENCY, version=VERSION, items=concepts)
        )
        structure = DataStructureDefinition(
            id=statistic.code,
            name=title,
            description=statistic.definition_version,
            agency=AGENCY,
            version=VERSION,
            components=components(part, lists),
        )
        flow = Dataflow(
            id=statistic.code, name=title, agency=AGENCY, version=VERSION, structure=structure
        )
        found += [structure, flow]
        for identity in (scheme, statistic.code):
            names[identity, ""] = (statistic.title_fr, statistic.title_nl)
        for one in _columns(part):
            names[scheme, one.id] = (one.label_fr, one.label_nl)
            if one.definition_fr:
                names[scheme, f"{one.id}/"] = (one.definition_fr, one.definition_nl)
    return found, names


def _columns(part: Part) -> Iterator[Column]:
    yield from model.dimensions(part.statistic)
    yield from model.time_and_value()
    yield from model.attributes()
    yield from model.of_dataset()


def _scheme_id(part: Part) -> str:
    return f"CS_{part.statistic.code}"


def _concept(one: Column) -> Concept:
    return Concept(
        id=one.id,
        name=one.label_fr,
        description=one.definition_fr or None,
        urn=None,
    )


def _component(
    one: Column, role: Role, scheme: str, lists: dict[str, Codelist], level: str | None = None
) -> Component:
    codes = lists[one.list_name] if one.list_name else None
    return Component(
        id=one.id,
        required=one.id not in (*model.OPTIONAL, model.VALUE),
        role=role,
        concept=ItemReference(
            sdmx_type="Concept", agency=AGENCY, id=scheme, version=VERSION, item_id=one.id
        ),
        local_dtype=None if codes else _TYPES.get(one.id, DataType.STRING),
        local_codes=codes,
        attachment_level=level,
    )


def _translate(element: etree._Element, names: Names, lang: str) -> None:
    """Give a name its language, and the other one beside it; a name of ours alone has none."""
    owner = element.getparent()
    above = owner.getparent()
    kind = "/" if element.tag.endswith("Description") else ""
    said = names.get((owner.get("id"), "")) if not kind else None
    said = names.get((above.get("id"), owner.get("id") + kind), said)
    element.set(_LANG, lang)
    if said is None:
        return
    by_language = dict(zip(("fr", "nl"), said, strict=True))
    element.text = by_language[lang]
    second = etree.Element(element.tag)
    second.set(_LANG, other(lang))
    second.text = by_language[other(lang)]
    element.addnext(second)
