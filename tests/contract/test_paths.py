"""No path is a pattern, and no folder `a=b` a column, for any reader of DuckDB in our code."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
READS = re.compile(
    r"(?<!pl\.)(?<!pd\.)\b(read_(?:csv|parquet|json)|parquet_scan)\w*\(([^`]{0,300})"
)
PLACES = (
    "ingest", "orchestration", "law", "release", "exports", "dashboards", "dbt_project", "storage",
)  # fmt: skip


def test_every_read_says_that_folders_are_no_columns():
    found = []
    for place in (*PLACES, "benchmarks"):
        for file in (PROJECT / place).rglob("*"):
            if file.suffix in (".py", ".sql", ".yml") and "target" not in file.parts:
                for read in READS.finditer(file.read_text(encoding="utf-8")):
                    found.append((file.name, "hive_partitioning = false" in read[2]))
    assert len(found) >= 3
    assert [name for name, said in found if not said] == []


def test_no_read_takes_a_path_as_it_is():
    """The readers stand where paths are escaped: beside `never_pattern`, or `glob.escape`."""
    for place in PLACES:
        for file in (PROJECT / place).rglob("*.py"):
            code = file.read_text(encoding="utf-8")
            if READS.search(code) or re.search(r"\bparquet_(file_)?(metadata|schema)\(", code):
                assert "never_pattern" in code or "glob.escape" in code, file
