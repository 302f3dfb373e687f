"""A clock that is set back: the newest release stays the newest, and holds what it would hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from orchestration import build
from release.pointer import read_pointer
from release.reader import open_release, published
from tests.pipeline.world import SINCE_THE_LAST, deliver, differences, run_job
from tests.unit.ingest.support import valid, write_delivery


class _AYearAgo(datetime):
    """The clock of a machine whose battery was changed."""

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) - timedelta(days=365)


def test_a_release_built_before_the_one_it_follows_is_still_the_newest(
    home, built_world, monkeypatch
):
    before = open_release(home)
    deliver(home / "landing", 0)
    monkeypatch.setattr(build, "datetime", _AYearAgo)
    assert run_job(home).exit_code == 0
    after = open_release(home)
    assert after.id != before.id
    assert published(home)[0] == after.path == read_pointer(home).path
    assert after.about["built_at"] > before.about["built_at"]
    assert after.about["built_at"] < datetime.now(UTC).replace(tzinfo=None)
    calm = open_release(built_world("followed")).path
    assert differences(after.path, calm, but=SINCE_THE_LAST) == []

    # The same day again, with more: ordered by when it was built, not by the wrong clock.
    more = valid("payments", payment_id="P900000000002", amount="1.00")
    write_delivery(home / "landing", "2026-07-01-2", "2026-07-01", "delta", {"payments": [more]})
    assert run_job(home).exit_code == 0
    assert open_release(home).about["built_at"] > after.about["built_at"]
    assert published(home)[0] == open_release(home).path
