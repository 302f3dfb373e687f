"""Pseudonyms: what the engine makes is HMAC, the key is a secret of one data folder."""

import hmac
import os

import duckdb
import pytest

from exports.errors import PseudonymKeyError
from exports.microdata import pseudonym


def test_the_engine_makes_what_the_library_makes(tmp_path):
    """Also of texts longer than a block of the hash, and of letters beyond ASCII."""
    key = pseudonym.recipient_key(tmp_path, "inasti")
    told = ["A00000001", "", "é" * 100, "0123456789abcdef" * 8]
    connection = duckdb.connect()
    pseudonym.install(connection, key)
    made = connection.execute(
        "select pseudonym('person', told) from (select unnest($told) as told)", {"told": told}
    ).fetchall()
    assert [row[0] for row in made] == [pseudonym.pseudonym(key, "person", one) for one in told]
    whole = hmac.new(key, b"person:A00000001", "sha256").hexdigest()
    assert made[0][0] == whole[: pseudonym.LENGTH]


def test_a_person_is_the_same_for_one_recipient_and_unknown_to_another(tmp_path):
    mine, again = (pseudonym.recipient_key(tmp_path, "inasti") for _ in range(2))
    other = pseudonym.recipient_key(tmp_path, "spf")
    assert mine == again
    assert pseudonym.pseudonym(mine, "person", "p1") != pseudonym.pseudonym(other, "person", "p1")
    # A dossier that is called like a person is no person.
    assert pseudonym.pseudonym(mine, "person", "x") != pseudonym.pseudonym(mine, "dossier", "x")
    assert pseudonym.key_id(mine) not in mine.hex()


def test_another_data_folder_has_another_key(tmp_path):
    keys = {pseudonym.recipient_key(tmp_path / name, "inasti") for name in ("a", "b")}
    assert len(keys) == 2


def test_the_key_is_for_the_desk_alone(tmp_path):
    """Made for its own account; refused once others may read it, or when it is no key."""
    pseudonym.recipient_key(tmp_path, "inasti")
    (path,) = (tmp_path / "keys").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(PseudonymKeyError, match="chmod 600"):
        pseudonym.recipient_key(tmp_path, "inasti")
    path.chmod(0o600)
    path.write_text("not a key\n", encoding="ascii")
    with pytest.raises(PseudonymKeyError, match=r"keys/microdata\.key"):
        pseudonym.recipient_key(tmp_path, "inasti", "nl")


def test_two_at_once_end_with_one_key(tmp_path, monkeypatch):
    """Another process makes the key between our look and our link: its key counts."""
    link = os.link

    def slower(draft, path):
        path.write_text("ab" * 32 + "\n", encoding="ascii")
        path.chmod(0o600)
        link(draft, path)

    monkeypatch.setattr(os, "link", slower)
    found = pseudonym.recipient_key(tmp_path, "inasti")
    assert found == hmac.new(bytes.fromhex("ab" * 32), b"inasti", "sha256").digest()
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["microdata.key"]
