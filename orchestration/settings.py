"""Every setting of a run, in one place. Environment variables; the command line and tests may
override them.

| variable | default | meaning |
|---|---|---|
| `VIGIE_HOME` | `./data` | data folder; nothing is written outside it and the output folders |
| `VIGIE_LANDING` | `$VIGIE_HOME/landing` | where deliveries arrive |
| `VIGIE_OUT` | `$VIGIE_HOME/out` | where a run writes the first statistics |
| `VIGIE_STATISTICS` | `T01 T08` | which statistics those are; empty for none |
| `VIGIE_LANG` | `fr` | language of the command line: fr, nl or en |
| `VIGIE_KEEP_RELEASES` | `10` | how many releases stay in the folder |
| `VIGIE_FRESH_HOURS` | `36` | hours after its business date up to which a release is fresh |
| `VIGIE_MAX_REJECTED_PCT` | `1` | share of rejected rows past which a file is refused (ingest) |
| `VIGIE_MAX_DROP_PCT` | `20` | share of rows or amounts past which a full one is held (ingest) |
| `VIGIE_MUNICIPALITY_GRACE_DAYS` | `180` | days after a merger that old codes are taken (ingest) |
| `VIGIE_MEMORY_LIMIT` | `5GB` | memory DuckDB may use to load (ingest) and build (dbt profile) |
| `VIGIE_SLICE_ROWS` | `12000000` | charges and payments computed together (macros/slices.sql) |

Does not belong here: what ingest and the dbt profile do with theirs.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestration.errors import SettingError
from release.home import releases_folder, vigie_home
from release.publish import DEFAULT_KEEP

PROJECT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT / "dbt_project"
LANGUAGES = ("fr", "nl", "en")


@dataclass(frozen=True)
class Settings:
    """The settings of one process. All paths are absolute: dbt works in another folder than the
    caller.
    """

    home: Path
    landing: Path
    out: Path
    statistics: tuple[str, ...]
    lang: str
    keep_releases: int
    fresh_hours: int
    max_rejected_pct: float

    @classmethod
    def from_env(cls, **overrides: Any) -> Settings:
        """Settings from the environment; an override that is None counts as not given.

        Raises:
            SettingError: a number is no number, or the language is unknown.
        """
        given = {name: value for name, value in overrides.items() if value is not None}
        home = vigie_home(given.get("home"))
        lang = str(given.get("lang") or os.environ.get("VIGIE_LANG") or "fr").lower()
        if lang not in LANGUAGES:
            raise SettingError(f"VIGIE_LANG: {lang!r} (fr, nl, en).")
        return cls(
            home=home,
            landing=_path(
                given.get("landing") or os.environ.get("VIGIE_LANDING"), home / "landing"
            ),
            out=_path(given.get("out") or os.environ.get("VIGIE_OUT"), home / "out"),
            statistics=tuple(
                given.get("statistics", os.environ.get("VIGIE_STATISTICS", "T01 T08")).split()
            ),
            lang=lang,
            keep_releases=int(
                given.get("keep_releases", _number("VIGIE_KEEP_RELEASES", DEFAULT_KEEP))
            ),
            fresh_hours=int(given.get("fresh_hours", _number("VIGIE_FRESH_HOURS", 36))),
            max_rejected_pct=float(
                given.get("max_rejected_pct", _number("VIGIE_MAX_REJECTED_PCT", 1))
            ),
        )

    def overrides(self) -> dict[str, Any]:
        """These settings as arguments of `from_env`."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**values, "statistics": " ".join(self.statistics)}

    def require_landing(self) -> None:
        """Make sure the folder of deliveries is there: the usual one is made, another must exist.

        Raises:
            SettingError: it does not exist.
        """
        if self.landing == self.home / "landing":
            self.landing.mkdir(parents=True, exist_ok=True)
        elif not self.landing.is_dir():
            raise SettingError(f"{self.landing} does not exist (VIGIE_LANDING, --landing).")

    @cached_property
    def warehouse(self) -> Path:
        """Working folder of dbt: candidate, work and history databases."""
        return self.home / "warehouse"

    @cached_property
    def candidate(self) -> Path:
        """The release being built."""
        return self.warehouse / "candidate.duckdb"

    @cached_property
    def releases(self) -> Path:
        """The folder of releases."""
        return releases_folder(self.home)

    @cached_property
    def logs(self) -> Path:
        """Logs: vigie.log (details of every error), dbt.log."""
        return self.home / "logs"

    @cached_property
    def notices(self) -> Path:
        """Notices of failure, one text file each, for people."""
        return self.home / "notices"

    @cached_property
    def dagster(self) -> Path:
        """DAGSTER_HOME: runs, events, schedules."""
        return self.home / "dagster"

    @cached_property
    def dbt(self) -> Path:
        """What dbt leaves behind: the parsed project and the compiled queries."""
        return self.home / "dbt"


def _path(given: str | os.PathLike[str] | None, default: Path) -> Path:
    return Path(given).expanduser().resolve() if given else default


def _number(variable: str, default: float) -> float:
    text = os.environ.get(variable) or str(default)
    try:
        value = float(text)
    except ValueError:
        raise SettingError(f"{variable}: {text!r} is not a number.") from None
    if value < 0:
        raise SettingError(f"{variable}: {text!r} is below 0.")
    return value
