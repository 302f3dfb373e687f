"""The equations between statistics find what is wrong: one figure is changed, and they tell.

That they hold is proven by every build (the replays refuse one with a failed check); here each of
them is shown to be able to fail. Belongs here: equations of section 3 of statistics-tables.md.
Does not belong here: what a cell holds.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import dbt_command, dbt_runner
from orchestration.settings import Settings
from tests.golden import blocks

pytestmark = pytest.mark.xdist_group("golden_statistics")


@pytest.fixture(scope="module")
def copy(entangled: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The candidate once more, under its own name."""
    return Path(shutil.copy(entangled.candidate, tmp_path_factory.mktemp("coherence")))


@pytest.fixture
def candidate(copy: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The copy, to be spoilt by one test: nothing of it is kept."""
    with duckdb.connect(str(copy)) as connection:
        connection.begin()
        yield connection
        connection.rollback()


@pytest.fixture
def findings(
    entangled: Settings, candidate: duckdb.DuckDBPyConnection
) -> Callable[[str], list[tuple[Any, ...]]]:
    """Function: name of an equation -> the rows it finds in the copy."""
    equations = {node.name: node.compiled for node in dbt_runner.read_result(entangled).tests}

    def found(name: str) -> list[tuple[Any, ...]]:
        return candidate.execute(equations[name]).fetchall()

    return found


def test_every_additive_measure_of_every_statistic_is_added_up(
    candidate: duckdb.DuckDBPyConnection, findings: Any
) -> None:
    assert findings("statistics_add_up") == []
    spoilt = set()
    for name in dbt_command.variables()["statistics"]:
        code = name.removeprefix("stat_").upper()
        for measure in blocks.of(code, "measure"):
            if measure["additive"] != "yes":
                continue
            period, count = candidate.execute(
                f"select max(ref_period), count(*) from statistics.{name} where measure = ?",
                [measure["name"]],
            ).fetchone()
            if count == 0:
                continue
            # One cell of many: the last row of a period, whichever it is.
            candidate.execute(
                f"update statistics.{name} set obs_value = obs_value + 1 where rowid = "
                f"(select max(rowid) from statistics.{name} where measure = ? and ref_period = ?)",
                [measure["name"], period],
            )
            spoilt.add((code, measure["name"]))
    found = {
        (block.split(".")[0], measure) for block, _, measure, *_ in findings("statistics_add_up")
    }
    assert len(spoilt) > 10
    assert found == spoilt


@pytest.mark.parametrize("level", ["REGION", "MUNICIPALITY"])
def test_each_level_of_residence_is_added_up(
    candidate: duckdb.DuckDBPyConnection, findings: Any, level: str
) -> None:
    candidate.execute(
        "delete from statistics.stat_t01 where rowid = "
        f"(select max(rowid) from statistics.stat_t01 where residence_level = '{level}' "
        "and nature = '_T' and category = '_T' and sex = '_T' and age_class = '_T')"
    )
    assert (level, "persons") in {row[1:3] for row in findings("statistics_add_up")}


@pytest.mark.parametrize("table", ["stat_t13", "stat_t14"])
@pytest.mark.parametrize("measure", ["paid_amount", "requests", "decisions", "beneficiaries"])
def test_benefits_are_compared_with_their_quarters(
    candidate: duckdb.DuckDBPyConnection, findings: Any, table: str, measure: str
) -> None:
    assert findings("statistic_benefits_match_quarters") == []
    decision = "granted" if measure == "decisions" else "_T"
    candidate.execute(
        f"update statistics.{table} set obs_value = obs_value + 1 where rowid = "
        f"(select max(rowid) from statistics.{table} where measure = ? and decision = ? "
        "and cause <> '_T' and payment_unit = '_T' and contains(ref_period, 'Q'))",
        [measure, decision],
    )
    assert len(findings("statistic_benefits_match_quarters")) == 1


#: S13: flow measures; of T04 the events, which statistic_t04_adds_up looks at in every build.
FLOWS = ("stat_t05", "stat_t10", "stat_t12", "stat_t13", "stat_t14", "stat_t15", "stat_t16")


@pytest.mark.parametrize("name", FLOWS)
def test_months_make_the_quarter_and_quarters_the_year(
    candidate: duckdb.DuckDBPyConnection, name: str
) -> None:
    code = name.removeprefix("stat_").upper()
    additive = [each["name"] for each in blocks.of(code, "measure") if each["additive"] == "yes"]
    dimensions = [each["name"] for each in blocks.of(code, "dimension")]
    keys = ", ".join(f'"{one}"' for one in (*dimensions, "measure"))

    def compared() -> tuple[int, int]:
        return candidate.execute(
            f"""
            with parts as (
                select
                    case
                        when length(ref_period) = 6 then left(ref_period, 4)
                        else quarter_text(cast(ref_period || '-01' as date))
                    end as ref_period,
                    {keys},
                    sum(obs_value) as of_parts
                from statistics.{name}
                where length(ref_period) > 4 and list_contains($additive, measure)
                group by all
            )
            select count(*), count(*) filter (where of_parts <> obs_value)
            from statistics.{name} inner join parts using (ref_period, {keys})""",
            {"additive": additive},
        ).fetchone()

    cells, wrong = compared()
    assert cells > 50
    assert wrong == 0
    # A cell that has parts, whichever it is.
    candidate.execute(
        f"update statistics.{name} set obs_value = obs_value + 1 where contains(ref_period, 'Q')"
    )
    assert compared()[1] > 50
