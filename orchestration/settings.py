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
| `VIGIE_KEEP_DAYS` | `90` | days that runs, logs, notices and old refusals are kept (sweep.py) |
| `VIGIE_KEEP_ACCESS_MONTHS` | `120` | months that the record of accesses is kept (docs/access.md) |
| `VIGIE_KEEP_NOTES_MONTHS` | `60` | months that an account's notes are kept after the last one |
| `VIGIE_KEEP_VERSION_DAYS` | `365` | days that packages of the desk are kept that never left |
| `VIGIE_HISTORY_MB` | `40` | size of the files of runs (the index is as large again) |
| `VIGIE_LOG_MB` | `30` | size of the logs, past which the oldest go |
| `VIGIE_FRESH_HOURS` | `36` | hours after its business date up to which a release is fresh |
| `VIGIE_MAX_REJECTED_PCT` | `1` | share of rejected rows past which a file is refused (ingest) |
| `VIGIE_MAX_DROP_PCT` | `20` | share of rows or amounts past which a full one is held (ingest) |
| `VIGIE_MUNICIPALITY_GRACE_DAYS` | `180` | days after a merger that old codes are taken (ingest) |
| `VIGIE_MEMORY_LIMIT` | `5GB` | memory DuckDB may use to load (ingest) and build (dbt profile) |
| `VIGIE_SLICE_ROWS` | `3000000` | charges and payments computed together (macros/slices.sql) |
| `VIGIE_LEDGER_MAX_PCT` | `1` | a month further from the general ledger than this (percent) |
| `VIGIE_LEDGER_MAX_EUR` | `1000` | and than this stops the publication (H5) |
| `VIGIE_REGISTER` | a file in `$VIGIE_HOME/desk` | database of the desk's register (exports) |
| `VIGIE_CONTACT` | none | whom readers of the pages write to about accessibility |
| `VIGIE_NOTEBOOK` | a file in `$VIGIE_HOME/notebook` | database of the agents' notebook (pages) |
| `VIGIE_SUBSCRIPTIONS` | a file in `$VIGIE_HOME/subscriptions` | database of who is told what |
| `VIGIE_SUBSCRIPTION_MONTHS` | `3` | months after a person's last login that they are still told |
| `VIGIE_ALARMS` | none | where alarms go: `mailto:…` or `https://…`, several with blanks between |
| `VIGIE_SMTP_PASSWORD` | none | password of the mail server (mail.py); never shown |
| `VIGIE_BACKUP_HOURS` | `36` | hours after which the last backup is too old; there must be one |
| `VIGIE_QUARANTINE_ROWS` | `1000` | rows in open quarantine past which it is high |
| `VIGIE_RESTATE_YEARS` | `1` | years before the last delivery of a table that may be corrected |
| `VIGIE_USER` | the login name | who acts at the desk (exports), who goes back to a release |
| `VIGIE_ENCRYPTION_KEY` | none | file (0600) of the key, or the key: files encrypted (storage) |
| `VIGIE_KEYS_PASSPHRASE` | none | opens and closes the encrypted file of keys (backup) |

Every one of them is checked when a command starts, also those that only others read: a value
that means nothing is told by name before anything is opened. An empty number is no number; an empty
text counts as not given, but for `VIGIE_STATISTICS`. Does not belong here: what ingest and the dbt
profile do with theirs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestration import home_format
from orchestration.errors import SettingError
from orchestration.texts import LANGUAGES
from release.home import releases_folder, vigie_home
from release.publish import DEFAULT_KEEP
from storage import mark

PROJECT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT / "dbt_project"


@dataclass(frozen=True)
class Number:
    """A setting that is a number: what it is without one, and its bounds."""

    default: int
    least: int
    most: int
    is_whole: bool = True


NUMBERS = {
    "VIGIE_KEEP_RELEASES": Number(DEFAULT_KEEP, 1, 100_000),
    "VIGIE_KEEP_DAYS": Number(90, 1, 100_000),
    # A personal claim lapses after ten years (old Civil Code, art. 2262bis, § 1): until then
    # somebody may ask, or may have to show, who looked at an account.
    "VIGIE_KEEP_ACCESS_MONTHS": Number(120, 1, 1_200),
    # Contributions lapse after five years (royal decree n° 38, art. 16): so long a note may serve.
    "VIGIE_KEEP_NOTES_MONTHS": Number(60, 1, 1_200),
    "VIGIE_KEEP_VERSION_DAYS": Number(365, 1, 100_000),
    "VIGIE_HISTORY_MB": Number(40, 1, 1_000_000),
    "VIGIE_LOG_MB": Number(30, 1, 1_000_000),
    "VIGIE_FRESH_HOURS": Number(36, 1, 100_000),
    "VIGIE_MAX_REJECTED_PCT": Number(1, 0, 100, is_whole=False),
    "VIGIE_MAX_DROP_PCT": Number(20, 0, 100, is_whole=False),
    "VIGIE_MUNICIPALITY_GRACE_DAYS": Number(180, 0, 100_000),
    "VIGIE_SLICE_ROWS": Number(3_000_000, 1, 1_000_000_000_000),
    "VIGIE_LEDGER_MAX_PCT": Number(1, 0, 100, is_whole=False),
    "VIGIE_LEDGER_MAX_EUR": Number(1000, 0, 999_999_999_999_999, is_whole=False),
    "VIGIE_RESTATE_YEARS": Number(1, 0, 100),
    # Whose roles were not seen for so long is told nothing: they may have lost them.
    "VIGIE_SUBSCRIPTION_MONTHS": Number(3, 1, 120),
    "VIGIE_BACKUP_HOURS": Number(36, 1, 100_000),
    "VIGIE_QUARANTINE_ROWS": Number(1000, 0, 1_000_000_000),
}
#: Settings that are an address of a database.
DATABASES = ("VIGIE_REGISTER", "VIGIE_NOTEBOOK", "VIGIE_SUBSCRIPTIONS")
#: A place where alarms go: a mail address, or a page that takes them (TLS, but on this machine).
_ALARM_PLACE = re.compile(
    r"mailto:[^\s@,]+@[^\s@,]+|https://[^\s@]+|http://(127\.0\.0\.1|localhost|\[::1\])[:/][^\s@]*"
)
# Digits and a point, as in the interface: no exponent, no sign, no `nan`.
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
_MEMORY = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?([KMGT])i?B", re.IGNORECASE)
_UNITS = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_LEAST_MEMORY = 64 * 10**6
# What the orchestrator and DuckDB take for a pattern, for the end of a name or for an escape in the
# name of a file, wherever it stands in the path.
_UNUSABLE = re.compile(r"[*?\[%\x00-\x1f\x7f-\x9f\ud800-\udfff]")


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
    keep_days: int
    keep_access_months: int
    keep_notes_months: int
    keep_version_days: int
    history_mb: int
    log_mb: int
    fresh_hours: int
    max_rejected_pct: float
    restate_years: int
    subscription_months: int
    backup_hours: int
    quarantine_rows: int
    alarms: tuple[str, ...]

    @classmethod
    def from_env(cls, *, opens: bool = True, **overrides: Any) -> Settings:
        """Settings from the environment; an override that is None counts as not given.

        Args:
            opens: whether the data folder has to go with the key of this process; not for who
                changes that, or only tells of an error.

        Raises:
            EncryptionError: the folder is encrypted and the key is missing or another one, or it
                is plain and there is a key.
            SettingError: a value means nothing, the data folder has a name that cannot work, or a
                newer version of Vigie wrote it.
        """
        given = {name: value for name, value in overrides.items() if value is not None}
        numbers = {variable: _number(variable) for variable in NUMBERS}
        _check_memory()
        for variable in DATABASES:
            _check_database(variable)
        home = _home(given.get("home"))
        home_format.refuse_newer(home)
        if opens:
            mark.refuse(home)
        lang = str(given.get("lang") or os.environ.get("VIGIE_LANG") or "fr").lower()
        if lang not in LANGUAGES:
            raise SettingError("setting.language", variable="VIGIE_LANG", value=lang)
        return cls(
            home=home,
            landing=_path("VIGIE_LANDING", given.get("landing"), home / "landing"),
            out=_path("VIGIE_OUT", given.get("out"), home / "out"),
            statistics=tuple(
                given.get("statistics", os.environ.get("VIGIE_STATISTICS", "T01 T08")).split()
            ),
            lang=lang,
            keep_releases=int(given.get("keep_releases", numbers["VIGIE_KEEP_RELEASES"])),
            keep_days=int(given.get("keep_days", numbers["VIGIE_KEEP_DAYS"])),
            keep_access_months=int(
                given.get("keep_access_months", numbers["VIGIE_KEEP_ACCESS_MONTHS"])
            ),
            keep_notes_months=int(
                given.get("keep_notes_months", numbers["VIGIE_KEEP_NOTES_MONTHS"])
            ),
            keep_version_days=int(
                given.get("keep_version_days", numbers["VIGIE_KEEP_VERSION_DAYS"])
            ),
            history_mb=int(given.get("history_mb", numbers["VIGIE_HISTORY_MB"])),
            log_mb=int(given.get("log_mb", numbers["VIGIE_LOG_MB"])),
            fresh_hours=int(given.get("fresh_hours", numbers["VIGIE_FRESH_HOURS"])),
            max_rejected_pct=float(
                given.get("max_rejected_pct", numbers["VIGIE_MAX_REJECTED_PCT"])
            ),
            restate_years=int(given.get("restate_years", numbers["VIGIE_RESTATE_YEARS"])),
            subscription_months=int(
                given.get("subscription_months", numbers["VIGIE_SUBSCRIPTION_MONTHS"])
            ),
            backup_hours=int(given.get("backup_hours", numbers["VIGIE_BACKUP_HOURS"])),
            quarantine_rows=int(given.get("quarantine_rows", numbers["VIGIE_QUARANTINE_ROWS"])),
            alarms=_alarm_places(given.get("alarms")),
        )

    def overrides(self) -> dict[str, Any]:
        """These settings as arguments of `from_env`."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return values | {
            "statistics": " ".join(self.statistics),
            "alarms": " ".join(self.alarms),
        }

    def require_landing(self) -> None:
        """Make sure the folder of deliveries is there: the usual one is made, another must exist.

        Raises:
            SettingError: it does not exist.
        """
        if self.landing == self.home / "landing":
            self.landing.mkdir(parents=True, exist_ok=True)
        elif not self.landing.is_dir():
            raise SettingError("setting.landing", variable="VIGIE_LANDING", value=self.landing)

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


def _home(given: str | os.PathLike[str] | None) -> Path:
    home = _resolved("VIGIE_HOME", given or os.environ.get("VIGIE_HOME"), vigie_home)
    if unusable := _UNUSABLE.search(str(home)):
        raise SettingError(
            "setting.home", variable="VIGIE_HOME", value=home, character=unusable.group()
        )
    return home


def _path(variable: str, given: str | os.PathLike[str] | None, default: Path) -> Path:
    text = given or os.environ.get(variable)
    return (
        _resolved(variable, text, lambda path: Path(path).expanduser().resolve())
        if text
        else (default)
    )


def _resolved(variable: str, text: Any, resolve: Callable[[Any], Path]) -> Path:
    try:
        return resolve(text)
    except (OSError, RuntimeError):  # an unknown user after `~`, a ring of links
        raise SettingError("setting.path", variable=variable, value=text) from None


def _number(variable: str) -> Decimal:
    form = NUMBERS[variable]
    text = os.environ.get(variable, str(form.default))
    if (
        not _NUMBER.fullmatch(text)
        or not form.least <= Decimal(text) <= form.most
        or (form.is_whole and "." in text)
    ):
        raise SettingError(
            "setting.whole" if form.is_whole else "setting.number",
            variable=variable,
            value=text,
            least=form.least,
            most=form.most,
        )
    return Decimal(text)


def _alarm_places(given: str | None) -> tuple[str, ...]:
    places = tuple((os.environ.get("VIGIE_ALARMS", "") if given is None else given).split())
    for place in places:
        if not _ALARM_PLACE.fullmatch(place):
            # The address of a webhook may be a secret: it is not shown.
            raise SettingError("setting.alarms", variable="VIGIE_ALARMS")
    return places


def _check_memory() -> None:
    """DuckDB ends the whole process at some values (`-1GB`): they never get there."""
    text = os.environ.get("VIGIE_MEMORY_LIMIT")
    if text is None:
        return
    found = _MEMORY.fullmatch(text)
    if not found or Decimal(found[1]) * _UNITS[found[2].upper()] < _LEAST_MEMORY:
        raise SettingError("setting.memory", variable="VIGIE_MEMORY_LIMIT", value=text)


def _check_database(variable: str) -> None:
    """An address that no engine reads; whether the database opens is told by who opens it."""
    if not (text := os.environ.get(variable)):
        return
    # Late: the libraries of databases, which only who sets an address waits for.
    from exports.register.database import database_url
    from exports.register.errors import BadRegister

    try:
        database_url(Path(), text)
    except BadRegister:
        # The value may hold a password: it is not shown.
        raise SettingError("setting.register", variable=variable) from None
