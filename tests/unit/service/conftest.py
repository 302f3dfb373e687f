"""The marts of services, benefits and companies, built once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.unit import workbench
from tests.unit.service.cases import AS_OF
from tests.unit.service.world import deliveries, make_world

DELIVERY = {
    "delivery_id": "varchar",
    "business_date": "date",
    "mode": "varchar",
    "loaded_at": "timestamp",
    "files": "integer",
    "rows_delivered": "bigint",
    "rows_accepted": "bigint",
    "rows_rejected": "bigint",
    "accepted_reason": "varchar",
}


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory):
    home: Path = tmp_path_factory.mktemp("service")
    workbench.write_history(home, make_world(), as_of=AS_OF)
    declared = ", ".join(f"{column} {kind}" for column, kind in DELIVERY.items())
    with duckdb.connect(str(home / "warehouse" / "history.duckdb")) as con:
        con.execute(f"create or replace table raw._deliveries ({declared})")
        workbench.insert(con, "raw._deliveries", DELIVERY, deliveries())
    marts = ("service", "benefit", "company")
    workbench.build(home, *(f"+path:models/marts/{name}" for name in marts))
    candidate = home / "warehouse" / "candidate.duckdb"
    with duckdb.connect(str(candidate), read_only=True) as connection:
        yield connection
