"""Who reads beside the data folder's own commands: pages whose key goes missing while they are
open, and `make diff`, which builds two folders of its own.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.i18n import words
from exports.verify import verdict
from orchestration import code_diff
from release.reader import open_release
from storage import databases, errors
from tests.unit.dashboards.drawn import APP
from tests.unit.dashboards.opened import opened, set_as_served
from tests.unit.storage.test_storage_encrypted import changed, new_key, using
from tests.worlds import copy_of


def test_pages_whose_key_goes_missing_say_one_sentence(built_world, tmp_path, monkeypatch):
    home, file = copy_of(built_world("invented"), tmp_path / "home"), new_key(tmp_path)
    monkeypatch.setenv("VIGIE_HOME", str(home))
    set_as_served()
    with using(file), opened(home):
        changed(home, encrypt_it=True)
        # Open when the key goes, as on a server.
        assert open_release(home).about["release_id"]
        file.unlink()
        app = AppTest.from_file(str(APP), default_timeout=600).run()
        assert [one.value for one in app.error] == [words("fr")["key_does_not_fit"]]
        assert not app.exception
        assert not app.metric


def test_a_missing_key_is_no_fault_of_a_package(tmp_path):
    """`vigie verify` tells what is wrong with a package; that the release does not open is not."""
    file, secret = tmp_path / "some.duckdb", new_key(tmp_path)
    with using(secret):
        databases.connect(file).close()
        secret.unlink()
        with pytest.raises(errors.EncryptionError):
            verdict._run("rebuild", "fr", lambda: databases.connect(file, read_only=True))


def test_the_difference_of_code_is_of_plain_folders_whatever_the_key(
    built_world, tmp_path, monkeypatch, capsys
):
    """Also where the data folder itself is plain, or the key is lost."""
    world, built = built_world("invented"), []

    @contextmanager
    def work_tree(lang, commit, folder):
        yield code_diff.PROJECT

    def vigie(lang, code, home, *words):
        if words[0] == "run":
            # The key that both share is there before.
            built.append(Path(shutil.copytree(world, home, dirs_exist_ok=True)))

    monkeypatch.setattr(code_diff, "_work_tree", work_tree)
    monkeypatch.setattr(code_diff, "_git", lambda lang, *words: "0" * 40)
    monkeypatch.setattr(code_diff, "_vigie", vigie)
    monkeypatch.setattr(sys, "argv", ["diff", "HEAD"])
    monkeypatch.setenv("VIGIE_HOME", str(world))
    monkeypatch.setenv("VIGIE_OUT", str(tmp_path / "out"))
    with using(new_key(tmp_path)):
        assert code_diff.main() == 0
        (page,) = (tmp_path / "out").glob("diff_*.html")
        assert [one.name for one in built] == ["before", "after"]
    assert str(page) in capsys.readouterr().out
