"""The drill: a fund runs, is copied each day, is lost, and comes back from the copy with proof."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.cli import main
from orchestration.settings import Settings
from release.proof import write_proof
from release.reader import close_all, open_release
from tests.pipeline.world import deliver, differences, run_job
from tests.worlds import copy_of

pytestmark = pytest.mark.xdist_group("pipeline-gate")


def vigie(*words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*map(str, words), "--lang", "en"])
    return int(ended.value.code or 0)


def object_names(root: Path) -> set[str]:
    return {file.name for file in (root / "objects").glob("??/*")}


def manifest(root: Path) -> dict:
    return json.loads(max((root / "backups").glob("*.json")).read_text())


@pytest.fixture(scope="module")
def _lost(built_world, tmp_path_factory) -> tuple[Path, Path, Path, set[str]]:
    """Copied, run, copied again, lost: the copies, the keys, the last release, what the second
    copy brought.
    """
    folder = tmp_path_factory.mktemp("drill")
    home = copy_of(built_world("published"), folder / "home")
    root, keys = folder / "copies", folder / "keys.json"
    with pytest.MonkeyPatch.context() as patch:
        _set(patch, home)
        assert vigie("backup", "--to", root, "--keys-to", keys) == 0
        before = object_names(root)
        deliver(home / "landing", 1)
        assert run_job(home).exit_code == 0
        assert vigie("backup", "--to", root) == 0
    new = object_names(root) - before
    brought = {entry["path"] for entry in manifest(root)["files"] if entry["sha256"] in new}
    kept = folder / open_release(home).path.name
    shutil.copyfile(open_release(home).path, kept)
    close_all()
    shutil.rmtree(home)
    return root, keys, kept, brought


def _set(patch: pytest.MonkeyPatch, home: Path) -> None:
    patch.setenv("VIGIE_HOME", str(home))
    patch.setenv("VIGIE_KEYS_PASSPHRASE", "une phrase assez longue")
    patch.setenv("VIGIE_STATISTICS", "")


@pytest.fixture
def lost(_lost, tmp_path, monkeypatch, capsys) -> tuple[Path, Path, Path, set[str]]:
    _set(monkeypatch, tmp_path / "home")
    capsys.readouterr()
    return _lost


def test_a_lost_data_folder_comes_back_and_proves_it(lost, tmp_path, monkeypatch, capsys):
    root, keys, kept, brought = lost
    # Only the day: its delivery, its judgement, its release.
    day = "2026-07-02-1"
    assert {path for path in brought if day not in path and not path.startswith("releases/")} <= {
        f"loads/{day}.json",
        "format.json",
    }
    assert f"raw/{day}/payments.parquet" in brought
    new = tmp_path / "new"
    assert vigie("restore", "--from", root, "--home", new, "--key", keys) == 0
    told = capsys.readouterr().out
    assert "FAILS" not in told
    assert "holds the same rows in its" in told
    assert "control totals accounted for" in told
    assert "All holds" in told
    restored = open_release(new)
    assert restored.path.name == kept.name
    assert differences(kept, restored.path) == []
    proofs = json.loads((new / "backup" / "restored.json").read_text())["proofs"]
    assert all(proof["passed"] for proof in proofs)
    # It goes on where it stopped: nothing to build, then the next delivery.
    assert run_job(new).published is None
    deliver(new / "landing", 2)
    after = run_job(new)
    assert (after.exit_code, after.loaded["loaded"]) == (0, ["2026-07-03-1"])
    # Never over something.
    assert vigie("restore", "--from", root, "--home", new, "--key", keys) == 1


def test_the_first_copy_comes_back_too(lost, tmp_path, capsys):
    root, keys, kept, _ = lost
    first = min(file.stem for file in (root / "backups").glob("*.json"))
    command = ("restore", "--from", root, "--home", tmp_path / "new", "--key", keys)
    assert vigie(*command, "--backup", first) == 0
    assert open_release(tmp_path / "new").path.name != kept.name


def test_a_release_with_other_figures_is_told(lost, tmp_path, monkeypatch, capsys):
    root, keys, kept, _ = lost
    new = tmp_path / "new"
    from orchestration.backup import restore

    put = restore.pour_back

    def forge(settings, manifest):
        """One amount other, its hash and its pointer made to fit."""
        file = settings.releases / kept.name
        file.chmod(0o600)
        with duckdb.connect(str(file)) as connection:
            connection.execute(
                "update contribution.fct_charges set gross_amount = gross_amount + 1"
                " where charge_id = (select min(charge_id) from contribution.fct_charges)"
            )
        proof = write_proof(file)
        pointer = settings.releases / "current.json"
        said = json.loads(pointer.read_text()) | {"sha256": proof.sha256, "size": proof.size}
        pointer.write_text(json.dumps(said))
        put(settings, manifest)

    monkeypatch.setattr(restore, "pour_back", forge)
    assert vigie("restore", "--from", root, "--home", new, "--key", keys) == 1
    told = capsys.readouterr()
    assert "FAILS" in told.err
    assert "contribution.fct_charges" in told.err
    assert "1 of" in told.out
    assert Settings.from_env(home=new).releases.is_dir()
