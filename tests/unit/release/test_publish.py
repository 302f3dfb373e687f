"""Publication of a candidate: order, control totals, retention, what a reader sees meanwhile, and
kills in between.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from release import pointer, publish, reader
from release.errors import BrokenReleaseError, NoReleaseError, PublicationError
from release.home import new_release_id, releases_folder

DAY = date(2026, 6, 30)
START = datetime(2026, 7, 1, 3, tzinfo=UTC)


def make_candidate(home: Path, value: int = 1, rows: int = 3) -> Path:
    """A small candidate: a table and a view over it, as the real one has."""
    path = home / "warehouse" / "candidate.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema meta; create schema contribution")
        connection.execute(
            "create table meta.release as select ?::int as number, now()::timestamp as built_at",
            [value],
        )
        connection.execute(
            f"create table contribution.charges as select {value} as amount from range({rows})"
        )
        connection.execute(
            "create view contribution.fct_charges as select amount from contribution.charges"
        )
    return path


def publish_one(home: Path, number: int, keep: int = 10, as_of: date | None = None) -> str:
    release_id = new_release_id(DAY, START + timedelta(minutes=number))
    publish.publish(home, make_candidate(home, number), release_id, DAY, keep=keep, as_of=as_of)
    return release_id


def number_of(release: reader.Release) -> int:
    return release.about["number"]


def test_no_release_is_said_in_each_language(tmp_path):
    with pytest.raises(NoReleaseError) as none:
        reader.open_release(tmp_path)
    for lang, said in (("fr", "Aucune version"), ("nl", "Nog geen versie"), ("en", "No release")):
        sentence = none.value.sentence(lang)
        assert sentence.startswith(said)
        assert "vigie run" in sentence
    assert str(none.value) == none.value.sentence("en")
    with pytest.raises(NoReleaseError, match="--as-of 2026-06-30"):
        reader.open_release(tmp_path, DAY)


def test_a_published_release_is_read_only_and_named_by_the_pointer(tmp_path):
    release_id = publish_one(tmp_path, 1)
    text = json.loads((tmp_path / "releases" / "current.json").read_text())
    release = reader.open_release(tmp_path)
    assert text == {
        "release_id": release_id,
        "path": f"{release_id}.duckdb",
        "business_date": "2026-06-30",
        "sha256": hashlib.sha256(release.path.read_bytes()).hexdigest(),
        "size": release.path.stat().st_size,
    }
    assert (release.id, release.business_date) == (release_id, DAY)
    assert release.path.stat().st_mode & 0o222 == 0
    assert not (tmp_path / "warehouse" / "candidate.duckdb").exists()
    with pytest.raises(duckdb.Error):
        release.cursor().execute("create table meta.more (a int)")


def test_a_view_works_under_another_file_name_and_under_an_alias(tmp_path):
    publish_one(tmp_path, 7)
    path = reader.open_release(tmp_path).path
    query = "select sum(amount) from {}contribution.fct_charges"
    assert reader.open_release(tmp_path).cursor().execute(query.format("")).fetchone() == (21,)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as elsewhere (read_only)")
        assert connection.execute(query.format("elsewhere.")).fetchone() == (21,)


def test_a_reader_keeps_its_release_while_a_new_one_is_published(tmp_path):
    publish_one(tmp_path, 1)
    before = reader.open_release(tmp_path)
    cursor = before.cursor()
    publish_one(tmp_path, 2, keep=1)
    assert number_of(before) == 1
    assert cursor.execute("select sum(amount) from contribution.fct_charges").fetchone() == (3,)
    assert not before.path.exists()
    assert number_of(reader.open_release(tmp_path)) == 2


def test_as_of_stands_beside_the_current_release(tmp_path):
    first = publish_one(tmp_path, 1)
    second = publish_one(tmp_path, 2, as_of=date(2026, 3, 31))
    assert reader.open_release(tmp_path).id == first
    assert reader.open_release(tmp_path, date(2026, 3, 31)).id == second
    # The current release is as of that date: no second build is needed to read it.
    assert reader.open_release(tmp_path, DAY).id == first
    publish.point_to(tmp_path, first, DAY, DAY)
    assert (tmp_path / "releases" / "as-of-2026-06-30.json").exists()


def test_retention_never_removes_what_a_pointer_names(tmp_path):
    as_of = publish_one(tmp_path, 1, as_of=date(2026, 3, 31))
    made = [publish_one(tmp_path, number, keep=2) for number in range(2, 6)]
    kept = sorted(file.stem for file in releases_folder(tmp_path).glob("*.duckdb"))
    assert kept == sorted([as_of, *made[-2:]])


def test_retention_keeps_what_is_held(tmp_path):
    """By its id; with None nobody knows what is, and all of them stay."""
    numbers = [publish_one(tmp_path, number) for number in (1, 2, 3, 4)]
    folder = releases_folder(tmp_path)

    def standing() -> list[str]:
        return sorted(file.stem for file in folder.glob("*.duckdb"))

    assert publish.apply_retention(folder, 1, None) == ()
    assert standing() == numbers
    removed = publish.apply_retention(folder, 1, {numbers[1], "of another folder"})
    assert sorted(removed) == [f"{numbers[0]}.duckdb", f"{numbers[2]}.duckdb"]
    assert standing() == [numbers[1], numbers[3]]
    assert publish.apply_retention(folder, 1) == (f"{numbers[1]}.duckdb",)


def test_a_taken_id_an_empty_and_a_missing_candidate_are_refused(tmp_path):
    release_id = publish_one(tmp_path, 1)
    with pytest.raises(PublicationError, match="never written twice"):
        publish.publish(tmp_path, make_candidate(tmp_path, 2), release_id, DAY)
    (tmp_path / "warehouse" / "candidate.duckdb").unlink()
    with pytest.raises(PublicationError, match="missing"):
        publish.publish(tmp_path, tmp_path / "warehouse" / "candidate.duckdb", "x_1", DAY)
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    with pytest.raises(PublicationError, match="no table"):
        publish.publish(tmp_path, tmp_path / "empty.duckdb", "x_1", DAY)
    assert reader.open_release(tmp_path).id == release_id


def test_a_broken_pointer_is_said_and_does_not_stop_the_next_publication(tmp_path):
    publish_one(tmp_path, 1)
    (tmp_path / "releases" / "current.json").write_text('{"release_id": "x"')
    with pytest.raises(BrokenReleaseError, match="cannot be read"):
        reader.open_release(tmp_path)
    (tmp_path / "releases" / "current.json").write_text(
        '{"release_id": "x", "path": "../x.duckdb", "business_date": "2026-06-30"}'
    )
    with pytest.raises(BrokenReleaseError):
        reader.open_release(tmp_path)
    assert pointer.find_pointer(tmp_path) is None
    second = publish_one(tmp_path, 2)
    assert reader.open_release(tmp_path).id == second


def test_a_truncated_file_is_found_by_the_control_totals(tmp_path, monkeypatch):
    first = publish_one(tmp_path, 1)
    candidate = make_candidate(tmp_path, 2, rows=200_000)
    move = publish._move

    def damage(source: Path, target: Path) -> None:
        move(source, target)
        with duckdb.connect(str(target)) as connection:
            connection.execute("delete from contribution.charges where rowid = 0")

    monkeypatch.setattr(publish, "_move", damage)
    with pytest.raises(
        PublicationError, match=r"contribution\.charges has 199999 instead of 200000"
    ):
        publish.publish(tmp_path, candidate, "2026-06-30_20260701T050000Z", DAY)
    assert reader.open_release(tmp_path).id == first
    assert [file.stem for file in reader.published(tmp_path)] == [first]


@pytest.mark.parametrize("place", ["_settle", "_move", "_prove", "move_pointer"])
def test_killed_before_any_step_the_old_release_stands_and_the_next_publication_works(
    tmp_path, monkeypatch, place
):
    first = publish_one(tmp_path, 1)
    child = os.fork()
    if child == 0:
        # A process that dies without a word, as under a kill or a loss of power.
        setattr(publish, place, lambda *args, **kwargs: os._exit(9))
        publish_one(tmp_path, 2)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert reader.open_release(tmp_path).id == first
    assert number_of(reader.open_release(tmp_path)) == 1
    (tmp_path / "warehouse" / "candidate.duckdb").unlink(missing_ok=True)
    third = publish_one(tmp_path, 3)
    assert reader.open_release(tmp_path).id == third


def test_killed_inside_the_pointer_the_old_pointer_is_whole(tmp_path):
    first = publish_one(tmp_path, 1)
    child = os.fork()
    if child == 0:
        pointer.os.replace = lambda *args: os._exit(9)
        publish_one(tmp_path, 2)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert reader.open_release(tmp_path).id == first
    third = publish_one(tmp_path, 3)
    assert reader.open_release(tmp_path).id == third
    assert not list(releases_folder(tmp_path).glob(".*.tmp"))
