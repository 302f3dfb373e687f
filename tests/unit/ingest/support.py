"""Small deliveries by hand: a world of one valid row or two per extract, and how to write it.

Here belongs what several tests share; the rules under test stand in the tests themselves.
Any test may use `write_delivery`, `world` and `valid`.
"""

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contract import load_contracts
from ingest.load import LoadOutcome, load_ready
from ingest.raw import RawHistory

NISS = {1: "80051700338", 2: "80051700536"}

_VALID = {
    "affiliates": {
        "affiliate_id": "A00000001",
        "niss": NISS[1],
        "sex": "M",
        "birth_date": "1980-05-17",
        "nationality": "BE",
        "language": "FR",
        "municipality_nis": "62063",
        "office_code": "LIE",
        "deceased_date": "",
    },
    "affiliations": {
        "affiliation_id": "F000000001",
        "affiliate_id": "A00000001",
        "category": "main",
        "capacity": "self_employed",
        "start_date": "2015-01-01",
        "end_date": "",
        "end_reason": "",
        "origin": "voluntary",
        "profession_code": "501",
        "nace_code": "62010",
        "first_activity": "false",
        "requested_date": "",
        "registered_date": "2015-01-01",
    },
    "companies": {
        "company_id": "C00000001",
        "enterprise_number": "0400003749",
        "legal_form": "SRL",
        "incorporated_date": "2010-03-01",
        "municipality_nis": "62063",
        "language": "NL",
        "office_code": "LIE",
        "origin": "voluntary",
        "affiliated_date": "2010-05-01",
        "status": "active",
        "closed_date": "",
    },
    "company_balances": {
        "company_id": "C00000001",
        "fiscal_year": "2023",
        "balance_sheet_total": "858605.73",
    },
    "mandates": {
        "mandate_id": "M1",
        "affiliate_id": "A00000001",
        "company_id": "C00000001",
        "role": "director",
        "start_date": "2019-01-01",
        "end_date": "",
    },
    "incomes": {
        "affiliate_id": "A00000001",
        "income_year": "2024",
        "net_income": "3750.00",
        "source": "tax_administration",
        "received_date": "2026-03-01",
    },
    "charges": {
        "charge_id": "D000000000001",
        "account_id": "A00000001",
        "charge_type": "provisional",
        "contribution_year": "2025",
        "contribution_quarter": "1",
        "category": "main",
        "issue_date": "2025-01-20",
        "due_date": "2025-03-31",
        "amount": "100.00",
        "income_basis": "",
        "related_charge_id": "",
    },
    "payments": {
        "payment_id": "P000000000001",
        "account_id": "A00000001",
        "value_date": "2025-03-15",
        "amount": "150.00",
        "channel": "transfer",
        "charge_id": "",
        "structured_communication": "000000000101",
    },
    "relief_requests": {
        "request_id": "RR1",
        "account_id": "A00000001",
        "kind": "exemption",
        "submitted_date": "2025-09-01",
        "complete_date": "2025-09-01",
        "transmitted_date": "",
        "decision_date": "2025-10-11",
        "decision": "granted",
        "from_quarter": "2025Q1",
        "to_quarter": "2025Q2",
    },
    "relief_effects": {
        "request_id": "RR1",
        "charge_id": "D000000000001",
        "effective_date": "2025-10-11",
        "amount": "40.00",
    },
    "payment_plans": {
        "plan_id": "PL1",
        "account_id": "A00000001",
        "requested_date": "2025-09-20",
        "decision_date": "2025-10-01",
        "decision": "granted",
        "status": "running",
    },
    "plan_instalments": {
        "plan_id": "PL1",
        "instalment_no": "1",
        "due_date": "2025-11-01",
        "amount": "100.00",
    },
    "recovery_cases": {
        "case_id": "K1",
        "account_id": "A00000001",
        "opened_date": "2025-09-01",
        "closed_date": "",
        "closing_reason": "",
    },
    "recovery_case_charges": {"case_id": "K1", "charge_id": "D000000000001"},
    "recovery_agents": {"agent_id": "AG1", "agent_type": "bailiff", "district": "Bruxelles"},
    "recovery_steps": {
        "step_id": "S1",
        "case_id": "K1",
        "step_type": "reminder",
        "step_date": "2025-09-01",
        "agent_id": "AG1",
        "amount_claimed": "100.00",
        "costs": "",
        "outcome": "",
    },
    "insolvencies": {
        "insolvency_id": "IN1",
        "account_id": "A00000001",
        "kind": "bankruptcy",
        "opened_date": "2026-03-01",
        "claim_deadline": "2026-04-01",
        "claim_filed_date": "",
        "claim_amount": "",
        "admitted_amount": "",
        "closed_date": "",
        "agent_id": "",
    },
    "benefit_claims": {
        "claim_id": "B1",
        "affiliate_id": "A00000001",
        "benefit": "bridging_right",
        "cause": "bankruptcy",
        "initiated_by": "application",
        "event_date": "2025-10-11",
        "submitted_date": "2025-10-31",
        "complete_date": "",
        "decision_date": "2026-02-28",
        "decision": "granted",
        "refusal_reason": "",
        "reasons_stated": "true",
        "appeal_stated": "true",
        "with_family_charge": "false",
    },
    "benefit_payments": {
        "benefit_payment_id": "BP1",
        "claim_id": "B1",
        "period_start": "2025-11-01",
        "period_end": "2025-11-28",
        "unit": "month",
        "units": "1.00",
        "amount": "1638.26",
        "due_date": "2026-03-31",
        "paid_date": "",
    },
    "benefit_overpayments": {
        "overpayment_id": "OV1",
        "claim_id": "B1",
        "established_date": "2026-04-01",
        "notified_date": "",
        "amount": "500.00",
        "cause": "fraud",
        "reasons_stated": "true",
        "appeal_stated": "true",
    },
    "overpayment_movements": {
        "movement_id": "OM1",
        "overpayment_id": "OV1",
        "movement_date": "2026-05-01",
        "kind": "repayment",
        "amount": "100.00",
    },
    "insurance_requests": {
        "request_id": "IR1",
        "affiliate_id": "A00000001",
        "kind": "continued_insurance",
        "submitted_date": "2026-04-01",
        "transmitted_date": "",
        "decision_date": "",
        "decision": "",
        "from_quarter": "",
        "to_quarter": "",
    },
    "transmissions": {
        "transmission_id": "TR1",
        "flow": "career_data",
        "recipient": "MUT100",
        "account_id": "A00000001",
        "period": "2026Q1",
        "due_date": "2026-04-30",
        "sent_date": "",
        "status": "pending",
        "rejection_reason": "",
    },
    "notices": {
        "notice_id": "N1",
        "account_id": "A00000001",
        "kind": "due_notice",
        "charge_id": "D000000000001",
        "latest_date": "2026-04-30",
        "sent_date": "",
        "channel": "post",
        "corrected_by": "",
    },
    "contacts": {
        "contact_id": "T1",
        "account_id": "A00000001",
        "kind": "question",
        "topic": "contribution",
        "channel": "email",
        "received_at": "2026-04-30T16:00:00",
        "first_answer_at": "",
        "closed_at": "",
        "outcome": "",
    },
    "ledger_totals": {
        "period": "2025-01",
        "ledger_line": "contributions_charged",
        "amount": "100.00",
    },
}


def valid(extract: str, **changes: str) -> dict[str, str]:
    """A row that breaks no rule, with changes; all values are text as in a CSV."""
    return {**_VALID[extract], **changes}


def world() -> dict[str, list[dict[str, str]]]:
    """Every extract with one valid row; affiliates with two."""
    tables = {extract: [dict(row)] for extract, row in _VALID.items()}
    tables["affiliates"].append(valid("affiliates", affiliate_id="A00000002", niss=NISS[2]))
    return tables


def as_csv(rows: list[dict[str, str]], columns: list[str], end: str = "\n") -> bytes:
    """CSV with a header line."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return text.getvalue().encode()


def as_parquet(rows: list[dict[str, str]], columns: list[str]) -> bytes:
    """Parquet with all columns as text."""
    sink = io.BytesIO()
    pq.write_table(
        pa.table(
            {
                column: pa.array([row.get(column, "") for row in rows], pa.string())
                for column in columns
            }
        ),
        sink,
    )
    return sink.getvalue()


_ENCODE = {
    "csv": lambda data: data,
    "csv.gz": lambda data: gzip.compress(data, mtime=0),
    "csv.zst": lambda data: pa.compress(data, "zstd", asbytes=True),
}


def write_delivery(
    landing: Path,
    delivery_id: str,
    business_date: str,
    mode: str,
    tables: dict[str, list[dict[str, str]]],
    *,
    format: str = "csv",
    content: dict[str, bytes] | None = None,
    **manifest: object,
) -> Path:
    """Write one delivery and its manifest; returns the folder.

    `format` is csv, csv.gz, csv.zst or parquet; `content` replaces the bytes of some files after
    their rows were counted; `manifest` replaces fields of the manifest.
    """
    folder = landing / delivery_id
    folder.mkdir(parents=True)
    files = []
    for extract, rows in tables.items():
        contract = load_contracts()[extract]
        columns = [column.name for column in contract.columns]
        if mode == "delta":
            columns.insert(0, "_op")
            rows = [{"_op": "U", **row} for row in rows]
        data = (
            as_parquet(rows, columns)
            if format == "parquet"
            else _ENCODE[format](as_csv(rows, columns))
        )
        data = (content or {}).get(extract, data)
        (folder / f"{extract}.{format}").write_bytes(data)
        total = str(sum((_number(row.get("amount", "")) for row in rows), Decimal(0)))
        files.append(
            {
                "extract": extract,
                "file": f"{extract}.{format}",
                "rows": len(rows),
                "sha256": hashlib.sha256(data).hexdigest(),
                "control_total": total if contract.has_amount else None,
            }
        )
    (folder / "manifest.json").write_text(
        json.dumps(
            {
                "delivery_id": delivery_id,
                "business_date": business_date,
                "mode": mode,
                "produced_at": f"{business_date}T23:30:00+02:00",
                "files": files,
                **manifest,
            }
        )
    )
    return folder


def edit_manifest(folder: Path, extract: str | None = None, /, **changes: object) -> None:
    """Change fields of the manifest, or of one of its files."""
    path = folder / "manifest.json"
    data = json.loads(path.read_text())
    where = (
        data
        if extract is None
        else next(item for item in data["files"] if item["extract"] == extract)
    )
    where.update(changes)
    path.write_text(json.dumps(data))


def load(landing: Path, home: Path) -> LoadOutcome:
    """Load and expose the state, when there is one."""
    outcome = load_ready(landing, home)
    history = RawHistory(home)
    if history.judged():
        history.expose(history.plan())
    return outcome


def rows(home: Path, sql: str) -> list[tuple]:
    """Rows of a query over the exposed views (schema raw)."""
    with duckdb.connect(str(home / "warehouse" / "history.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def quarantine(
    home: Path, columns: str = "extract, line_number, rule, column_name", where: str = "true"
) -> list[tuple]:
    """Rejected rows of the exposed state, in order."""
    return rows(
        home,
        f"SELECT {columns} FROM raw._quarantine WHERE {where} "
        "ORDER BY delivery_id, extract, line_number",
    )


def state(home: Path, extracts: Iterable[str] = tuple(_VALID)) -> dict[str, list[tuple]]:
    """All rows in force and all rejected rows, for comparing two homes row for row."""
    found = {name: sorted(map(repr, rows(home, f"FROM raw.{name}"))) for name in extracts}
    found["quarantine"] = sorted(map(repr, rows(home, "FROM raw._quarantine")))
    found["deliveries"] = rows(home, "SELECT * EXCLUDE (loaded_at) FROM raw._deliveries")
    return found


def _number(value: str) -> Decimal:
    try:
        number = Decimal(value or 0)
        return number if number.is_finite() else Decimal(0)
    except InvalidOperation:
        return Decimal(0)
