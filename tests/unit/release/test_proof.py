"""A release is read wholly before it counts, and a bit that flips later is found."""

from __future__ import annotations

import os
import subprocess

import duckdb
import pytest

from release import proof, publish, reader
from release.errors import DamagedReleaseError, PublicationError
from release.home import releases_folder
from release.pointer import read_pointer
from tests.unit.release.test_publish import DAY, make_candidate, publish_one


def flip(file, place: int) -> None:
    """Flip one bit of a file."""
    mode = file.stat().st_mode
    file.chmod(0o600)
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    file.chmod(mode)


def test_the_proof_is_one_that_sha256sum_reads(tmp_path):
    publish_one(tmp_path, 1)
    [file] = releases_folder(tmp_path).glob(f"*{proof.SUFFIX}")
    done = subprocess.run(["sha256sum", "--check", file.name], cwd=file.parent, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.999])
def test_a_flipped_bit_is_told_wherever_it_is(tmp_path, share):
    publish_one(tmp_path, 1)
    pointer = read_pointer(tmp_path)
    proof.check(pointer.path)
    flip(pointer.path, int(pointer.size * share))
    with pytest.raises(DamagedReleaseError, match=pointer.release_id) as told:
        proof.check(pointer.path)
    assert "vigie run" in str(told.value)
    proof.disown(pointer.path)
    with pytest.raises(DamagedReleaseError):  # the pointer remembers
        proof.check(pointer.path, pointer.sha256)


def test_a_release_that_was_cut_off_is_told_by_whoever_opens_it(tmp_path):
    publish_one(tmp_path, 1)
    file = read_pointer(tmp_path).path
    file.chmod(0o600)
    os.truncate(file, file.stat().st_size - 4096)
    with pytest.raises(DamagedReleaseError):
        reader.open_release(tmp_path)


def test_a_block_damaged_on_its_way_stops_the_publication(tmp_path, monkeypatch):
    first = publish_one(tmp_path, 1)
    move = publish._move

    def damage(source, target) -> None:
        move(source, target)
        with duckdb.connect(str(target), read_only=True) as connection:
            block = connection.execute(
                "select max(block_id) from pragma_storage_info('contribution.charges') "
                "where persistent"
            ).fetchone()[0]
        # Three headers of 4 KiB come before the blocks of 256 KiB; eight bytes of checksum first.
        flip(target, 3 * 4096 + block * 262144 + 100)

    candidate = make_candidate(tmp_path, 2, rows=1)
    with duckdb.connect(str(candidate)) as connection:
        connection.execute(
            "create or replace table contribution.charges as "
            "select hash(range) as amount from range(200000)"
        )
    monkeypatch.setattr(publish, "_move", damage)
    with pytest.raises(PublicationError, match=r"contribution\.charges\) cannot be read"):
        publish.publish(tmp_path, candidate, "2026-06-30_20260701T050000Z", DAY)
    assert [file.stem for file in reader.published(tmp_path)] == [first]


@pytest.mark.parametrize("place", ["_prove", "write_proof"])
def test_what_a_kill_left_before_its_proof_is_no_past_release_and_is_swept(
    tmp_path, monkeypatch, place
):
    first = publish_one(tmp_path, 1)
    child = os.fork()
    if child == 0:
        setattr(publish, place, lambda *args, **kwargs: os._exit(9))
        publish_one(tmp_path, 2)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert len(list(releases_folder(tmp_path).glob("*.duckdb"))) == 2
    assert [release.id for release in reader.standing(tmp_path)] == [first]
    third = publish_one(tmp_path, 3)
    assert [release.id for release in reader.standing(tmp_path)] == [third, first]
    left = {file.stem for file in releases_folder(tmp_path).glob("*.duckdb")}
    assert left == {first, third} or place == "write_proof"
