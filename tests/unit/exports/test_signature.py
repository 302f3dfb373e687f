"""The desk's signature: what it covers, whose it is, and what becomes of its key."""

from __future__ import annotations

import base64
import subprocess
import sys

import pytest

from exports.errors import SigningKeyError
from exports.signature import check, known_keys, rotate, sign

DATA = b'{"release": "2026-06-30"}\n'


def test_what_was_signed_is_recognised_and_nothing_else(tmp_path):
    signed = sign(tmp_path, DATA)
    assert check(tmp_path, DATA, signed).trusted
    for place in range(len(DATA)):
        changed = bytearray(DATA)
        changed[place] ^= 1
        assert not check(tmp_path, bytes(changed), signed).ok


def test_the_same_bytes_are_signed_alike(tmp_path):
    assert sign(tmp_path, DATA) == sign(tmp_path, DATA)
    assert sign(tmp_path, DATA)["signature"] != sign(tmp_path, DATA + b" ")["signature"]


def test_the_key_is_for_its_owner_alone_and_made_once(tmp_path):
    sign(tmp_path, DATA)
    key = tmp_path / "keys" / "desk.key"
    assert key.stat().st_mode & 0o777 == 0o600
    before = key.read_bytes()
    sign(tmp_path, DATA)
    assert key.read_bytes() == before
    assert [path.name for path in key.parent.iterdir()] == ["desk.key"]


@pytest.mark.parametrize("name", ["algorithm", "key_id", "public_key", "signature"])
def test_every_part_of_a_signature_counts(tmp_path, name):
    signed = sign(tmp_path, DATA)
    other = sign(tmp_path / "other", DATA)
    wrong = {"algorithm": "none"}.get(name) or other[name]
    assert not check(tmp_path, DATA, signed | {name: wrong}).ok
    assert not check(tmp_path, DATA, {k: v for k, v in signed.items() if k != name}).ok


@pytest.mark.parametrize("signed", [None, [], "x", {}, {"public_key": 3, "signature": "%%"}])
def test_what_is_no_signature_is_not_taken_for_one(tmp_path, signed):
    found = check(tmp_path, DATA, signed)
    assert not found.ok
    assert "?" in found.sentence("fr")


def test_a_key_that_nobody_knows_here_is_said_to_be_so(tmp_path):
    signed = sign(tmp_path / "there", DATA)
    found = check(tmp_path / "here", DATA, signed)
    assert (found.ok, found.known) == (True, False)
    assert signed["key_id"] in found.sentence("fr")
    assert signed["key_id"] in found.sentence("nl")
    assert not (tmp_path / "here").exists()


def test_a_former_key_stays_known_until_it_is_taken_away(tmp_path):
    signed = sign(tmp_path, DATA)
    new = rotate(tmp_path)
    assert new != signed["key_id"]
    assert sign(tmp_path, DATA)["key_id"] == new
    assert check(tmp_path, DATA, signed).trusted
    kept = tmp_path / "keys" / "desk-former" / f"{signed['key_id']}.pub"
    kept.unlink()
    assert not check(tmp_path, DATA, signed).known


def test_a_folder_that_only_checks_needs_the_public_half_alone(tmp_path):
    signed = sign(tmp_path / "desk", DATA)
    rotate(tmp_path / "desk")
    there = tmp_path / "reader" / "keys" / "desk-former"
    there.mkdir(parents=True)
    name = f"{signed['key_id']}.pub"
    (there / name).write_bytes((tmp_path / "desk/keys/desk-former" / name).read_bytes())
    assert check(tmp_path / "reader", DATA, signed).trusted
    assert len(known_keys(tmp_path / "reader")) == 1


def test_a_key_that_others_can_read_signs_nothing(tmp_path):
    sign(tmp_path, DATA)
    (tmp_path / "keys" / "desk.key").chmod(0o640)
    with pytest.raises(SigningKeyError, match="0600"):
        sign(tmp_path, DATA)


@pytest.mark.parametrize("content", [b"", b"no key\n"])
def test_what_is_no_key_signs_nothing_and_is_not_replaced(tmp_path, content):
    sign(tmp_path, DATA)
    key = tmp_path / "keys" / "desk.key"
    key.write_bytes(content)
    with pytest.raises(SigningKeyError, match="Ed25519"):
        sign(tmp_path, DATA)
    assert key.read_bytes() == content


def test_two_that_make_the_key_at_once_agree_on_it(tmp_path):
    code = (
        "import sys; from pathlib import Path; from exports.signature import sign;"
        "print(sign(Path(sys.argv[1]), b'x')['key_id'])"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert len({one.communicate()[0] for one in running}) == 1


def test_the_signature_is_ed25519_over_the_bytes_as_they_are(tmp_path):
    """As any other program would check it."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    signed = sign(tmp_path, DATA)
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(signed["public_key"]))
    public.verify(base64.b64decode(signed["signature"]), DATA)
