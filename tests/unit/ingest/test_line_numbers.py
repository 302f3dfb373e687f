"""Line numbers in a file large enough to be read in parallel: each row keeps its own (F3)."""

import hashlib
import json

import duckdb

from ingest.contract import load_contracts
from ingest.delivery import read_manifest
from ingest.verify import verify_file

ROWS = 1_200_000
WRONG = (5, 450_000, ROWS - 3)  # record numbers, first data row = 0


def test_each_row_of_a_large_file_keeps_its_line_number(tmp_path):
    delivery = tmp_path / "2026-09-30-1"
    delivery.mkdir()
    path = delivery / "charges.csv"
    duckdb.execute(f"""
        COPY (SELECT 'U' AS _op, printf('D%012d', i) AS charge_id,
                     printf('A%08d', (i * 7919) % 40000) AS account_id,
                     CASE WHEN i IN {WRONG} THEN 'unknown' ELSE 'provisional' END AS charge_type,
                     2024 AS contribution_year, 1 AS contribution_quarter, 'main' AS category,
                     DATE '2024-01-15' AS issue_date, DATE '2024-03-31' AS due_date,
                     CAST(100 AS DECIMAL(14, 2)) AS amount, NULL AS income_basis,
                     NULL AS related_charge_id
              FROM range({ROWS}) AS r (i) ORDER BY i) TO '{path}' (HEADER)""")
    # More than two buffers of the CSV reader, or the test proves nothing.
    assert path.stat().st_size > 80_000_000
    manifest = {
        "delivery_id": delivery.name,
        "business_date": "2026-09-30",
        "mode": "delta",
        "produced_at": "2026-10-01T02:10:00+02:00",
        "files": [
            {
                "extract": "charges",
                "file": path.name,
                "rows": ROWS,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                "control_total": f"{ROWS * 100}.00",
            }
        ],
    }
    (delivery / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    target = tmp_path / "raw"
    target.mkdir()
    contracts = load_contracts()
    read = read_manifest(delivery, contracts)
    verify_file(read, read.files[0], contracts["charges"], b"k" * 32, tmp_path / "spill", target)
    misplaced = duckdb.execute(
        f"SELECT count(*) FROM '{target}/charges.parquet' "
        "WHERE _line_number <> CAST(substr(charge_id, 2) AS BIGINT) + 2"
    ).fetchone()[0]
    assert misplaced == 0
    lines = duckdb.execute(
        f"SELECT line_number FROM '{target}/quarantine-charges.parquet' ORDER BY 1"
    ).fetchall()
    assert [line for (line,) in lines] == [record + 2 for record in WRONG]
