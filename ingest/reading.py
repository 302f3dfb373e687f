"""The rows of a delivered file as SQL: every column as text, null when it is empty.

Belongs here: how CSV and Parquet are read so that the rules see the same of both. Does not
belong here: bytes and lines (`scan.py`), what a text must be (`rules.py`).
"""

from pathlib import Path

import duckdb

from ingest.contract import Contract
from ingest.engine import connect, quote, text
from ingest.faults import Owner, fault_of
from ingest.scan import read_header
from ingest.texts import said
from storage.parquet import never_pattern, parquet


def column_names(path: Path, format: str) -> list[str]:
    """Names in the order of the file. Errors: ValueError, one sentence without a value."""
    if format != "parquet":
        return read_header(path, format)
    return _of_parquet("SELECT name FROM parquet_schema($1) WHERE num_children IS NULL "
                       "OR num_children = 0", path)


def _of_parquet(query: str, path: Path) -> list:
    with connect(None) as connection:
        try:
            found = connection.execute(query, [never_pattern(path)]).fetchall()
            return [value for (value,) in found]
        except duckdb.Error as error:  # its text may quote the file
            if fault_of(error).owner is not Owner.FILE:
                raise
            raise ValueError(said("file.parquet")) from None


def announced_rows(path: Path) -> int:
    """Rows that a Parquet file says it has. Errors: ValueError as `column_names`."""
    return _of_parquet("SELECT num_rows FROM parquet_file_metadata($1)", path)[0]


def as_text(connection: duckdb.DuckDBPyConnection, path: Path, format: str, header: list[str],
            contract: Contract) -> tuple[str, frozenset[str]]:
    """SQL of the file with columns `t_<name>`, and names of those that come typed as the contract
    says and are left so: to text and back would double the time of a Parquet file (measured).
    """
    if format != "parquet":
        fields = ", ".join(f"{text('t_' + name)}: 'VARCHAR'" for name in header)
        return (f"FROM read_csv({text(never_pattern(path))}, columns = {{{fields}}}, "
                "auto_detect = false, header = true, "
                "delim = ',', quote = '\"', escape = '\"', strict_mode = true, "
                f"hive_partitioning = false, compression = '{format}')"), frozenset()
    found = {name: kind for name, kind, *_ in connection.execute(
        f"DESCRIBE SELECT * FROM {parquet([path])}").fetchall()}
    typed = frozenset(column.name for column in contract.columns
                      if found[column.name] == column.type != "VARCHAR")
    fields = ", ".join(
        f"{quote(name) if name in typed else _value_as_text(contract, name, kind)} "
        f"AS {quote('t_' + name)}" for name, kind in found.items())
    return f"SELECT {fields} FROM {parquet([path])}", typed


def _value_as_text(contract: Contract, name: str, kind: str) -> str:
    """SQL of a Parquet value as a CSV would hold it; zeros past the declared scale are no value."""
    source, column = quote(name), contract.by_name.get(name)
    value = f"CAST({source} AS VARCHAR)"
    if column and column.type.startswith("DECIMAL") and kind.startswith("DECIMAL"):
        scale = column.type.rstrip(")").split(",")[1]
        value = (f"CASE WHEN round({source}, {scale}) = {source} "
                 f"THEN CAST(CAST({source} AS DECIMAL(38, {scale})) AS VARCHAR) "
                 f"ELSE {value} END")
    return f"nullif({value}, '')"
