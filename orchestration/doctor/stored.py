"""What Vigie keeps: key, deliveries in their order, releases. Nothing of it can be made again but
the releases.

Does not belong here: which rules a delivery must keep (ingest), how a release is published
(release).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import duckdb

from ingest import pseudonym
from ingest.raw import ZONE, RawHistory
from orchestration.doctor.finding import Finding
from orchestration.settings import Settings
from release import reader
from release.errors import BrokenReleaseError, DamagedReleaseError, NoReleaseError
from release.pointer import read_pointer
from release.proof import check
from storage import mark
from storage.header import is_encrypted


def key(settings: Settings) -> Iterator[Finding]:
    """The key is there, is one, is for us alone, and the one the deliveries were loaded with."""
    landed = RawHistory(settings.home).receipts()
    if not landed and not (settings.home / "keys" / "pseudonym.key").exists():
        return
    found = pseudonym.key_id(pseudonym.ensure_key(settings.home, may_create=False))
    if landed and landed[-1].key_id != found:
        yield Finding("key", is_fault=True)


def receipts(settings: Settings) -> Iterator[Finding]:
    """Each delivery has a receipt that can be read."""
    RawHistory(settings.home).receipts()
    yield from ()


def chain(settings: Settings) -> Iterator[Finding]:
    """Each landed delivery is in force, and none of the current release is lost."""
    history = RawHistory(settings.home)
    landed = [receipt.delivery_id for receipt in history.receipts()]
    in_force = {receipt.delivery_id for receipt, _ in history.judged()}
    for name in landed:
        if name not in in_force:
            yield Finding("not_in_force", is_fault=False, values={"delivery": name})
    try:
        cursor = reader.open_release(settings.home).cursor()
        held = {
            name for (name,) in cursor.execute("select delivery_id from meta.deliveries").fetchall()
        }
    except (NoReleaseError, BrokenReleaseError, duckdb.Error):  # `pointers`, `releases` tell it
        return
    for name in sorted(held - set(landed)):
        yield Finding("lost", is_fault=True, values={"delivery": name})


def raw_files(settings: Settings) -> Iterator[Finding]:
    """Each stored file is the one that was written."""
    history = RawHistory(settings.home)
    if history.judged():
        history.prove(history.plan())
    yield from ()


def pointers(settings: Settings) -> Iterator[Finding]:
    """Each pointer names a release that is there, of the size it had."""
    dates = [file.stem.removeprefix("as-of-") for file in settings.releases.glob("as-of-*.json")]
    for asked in (None, *dates):
        try:
            read_pointer(settings.home, asked and date.fromisoformat(asked))
        except NoReleaseError:
            continue
        except BrokenReleaseError as error:
            yield Finding.of(settings, error)


def releases(settings: Settings) -> Iterator[Finding]:
    """Each release is the file that was published."""
    for file in sorted(settings.releases.glob("*.duckdb")):
        try:
            check(file)
        except DamagedReleaseError as error:
            yield Finding.of(settings, error)
    try:
        pointer = read_pointer(settings.home)
        check(pointer.path, pointer.sha256)
    except NoReleaseError:
        return
    except BrokenReleaseError as error:
        yield Finding.of(settings, error)


def forgotten(settings: Settings) -> Iterator[Finding]:
    """The traces of forgetting are whole, nothing is left half done, nobody came back."""
    # Late: only where somebody was forgotten.
    if not (settings.home / "forgotten").is_dir():
        return
    from orchestration.forget.act import returned
    from orchestration.forget.trace import pending

    if pending(settings.home, settings.lang) is not None:
        yield Finding("forgetting", is_fault=True)
    for number in returned(settings):
        yield Finding("returned", is_fault=False, values={"number": number})


def encrypted(settings: Settings) -> Iterator[Finding]:
    """Nothing is left plain in an encrypted data folder: the header of each file says so."""
    # Late: only where a folder is encrypted.
    if mark.read(settings.home) is None:
        return
    from orchestration.encrypt import stored_files

    for file in stored_files(settings):
        if is_encrypted(file) is False:
            yield Finding("plain", is_fault=True, values={"path": file})


def clock(settings: Settings) -> Iterator[Finding]:
    """No delivery was loaded before its business date, no release is from the future (H9)."""
    for receipt in RawHistory(settings.home).receipts():
        loaded = receipt.loaded_at.replace(tzinfo=UTC).astimezone(ZONE).date()
        if loaded < receipt.business_date:
            values = {"delivery": receipt.delivery_id, "loaded": loaded}
            yield Finding("loaded_early", is_fault=False, values=values)
    now = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    for file in settings.releases.glob("*.duckdb"):
        if file.stem.rpartition("_")[2] > now:
            yield Finding("future", is_fault=False, values={"release": file.stem})
