"""The cells of a statistic as SDMX data: SDMX-CSV 2.0 and SDMX-ML 3.0 (structure specific).

Belongs here: the rows of both files. Does not belong here: their structure (structure.py), which
cells leave (protection). A cell that is not shown has no value; OBS_STATUS says why.
"""

from pathlib import Path

import msgspec
import pandas as pd
from pysdmx.io.csv.sdmx20.writer import write as write_csv_message
from pysdmx.io.pd import PandasDataset
from pysdmx.io.xml.sdmx30.writer.structure_specific import write as write_xml_message
from pysdmx.model import Codelist, Components, DataType, Schema

from exports.errors import BadDeclaration
from exports.names import SDMX, STRUCTURE
from exports.package import Contents, Part, sdmx_names
from exports.sdmx import model
from exports.sdmx.conformance import faults
from exports.sdmx.structure import codelists, components, header, write_structure
from exports.texts import sentence
from exports.units import places
from exports.writers.csv import shown_cells


def write_sdmx(folder: Path, cursor, contents: Contents) -> None:
    """Write the structures of a package and the data of every statistic into its folder."""
    (folder / SDMX).mkdir()
    write_structure(folder / SDMX / STRUCTURE, contents)
    lists = codelists(contents)
    for part in contents.parts:
        _write_data(folder, frame(cursor, part), part, contents, lists)


def frame(cursor, part: Part) -> pd.DataFrame:
    """Return the cells of a statistic as texts, a column for each component, in key order."""
    statistic = part.statistic
    own = [
        f'{model.code_id_sql(f"cells.{chr(34)}{name}{chr(34)}")} as "{name.upper()}"'
        for name in statistic.dimension_names
    ]
    digits = {m.name: places(m.unit, m.decimals) for m in statistic.measures}
    known = ", ".join(
        f"('{name}', {'null' if kept is None else repr(str(kept))})"
        for name, kept in digits.items()
    )
    order = ", ".join(f'cells."{n}"' for n in (*statistic.dimension_names, "measure", "ref_period"))
    return cursor.execute(
        f"""
        select {_freq_sql()} as "FREQ", {", ".join(own)}, cells.measure as "MEASURE",
            replace(cells.ref_period, 'Q', '-Q') as "TIME_PERIOD", cells.obs_value as "OBS_VALUE",
            cells.unit as "UNIT_MEASURE", known.digits as "DECIMALS",
            cells.obs_status as "OBS_STATUS", cells.conf_status as "CONF_STATUS",
            cells.count_basis as "COUNT_BASIS"
        from ({shown_cells(part)}) as cells
        inner join (values {known}) as known (measure, digits) using (measure)
        order by {order}"""
    ).df()


def _freq_sql() -> str:
    """SQL for the frequency of a period: a year has four signs, a quarter six, a month seven."""
    return "case length(cells.ref_period) when 4 then 'A' when 6 then 'Q' else 'M' end"


def _write_data(
    folder: Path,
    rows: pd.DataFrame,
    part: Part,
    contents: Contents,
    lists: dict[str, Codelist],
) -> None:
    described = components(part, lists)
    found = faults(rows, described, contents.lang)
    if found:
        code = part.statistic.code
        raise BadDeclaration(sentence("bad_declaration", contents.lang, code=code, what=found[0]))
    dataset = PandasDataset(
        structure=_schema(part, described),
        data=rows,
        attributes={
            "SNAPSHOT_DATE": contents.business_date.isoformat(),
            "RELEASE_ID": contents.release_id,
        },
    )
    as_csv, as_xml = sdmx_names(part)
    write_csv_message([dataset], output_path=folder / as_csv)
    write_xml_message(
        [dataset],
        output_path=folder / as_xml,
        header=header(contents, part.statistic.code),
    )


def _schema(part: Part, described: Components) -> Schema:
    """The structure as the writers take it: values as texts, which keep the decimals they have."""
    as_text = [
        msgspec.structs.replace(one, local_dtype=DataType.STRING) if not one.local_codes else one
        for one in described
    ]
    return Schema(
        context="dataflow",
        agency=model.AGENCY,
        id=part.statistic.code,
        components=Components(as_text),
        version=model.VERSION,
    )
