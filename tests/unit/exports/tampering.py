"""Ways to change a package that somebody might try, careless or not: each takes a copy of one and a
source of chance, and changes it.

Belongs here: changing files, making hashes fit again, signing anew. Does not belong here: whether
it is found (test_verify_tampering.py).
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from exports.manifest import sha256_of, write_signature
from exports.names import MANIFEST, SIGNATURE
from exports.package import files_of

Change = Callable[[Path, random.Random, Path], None]


def refit(folder: Path) -> None:
    """Make the manifest say what the files now are."""
    path = folder / MANIFEST
    said = json.loads(path.read_text(encoding="utf-8"))
    for one in said["files"]:
        if (folder / one["name"]).is_file():
            one["bytes"] = (folder / one["name"]).stat().st_size
            one["sha256"] = sha256_of(folder / one["name"])
    write(path, said)


def write(path: Path, said: dict) -> None:
    """Write a manifest as the desk writes it."""
    text = json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def some_file(folder: Path, chance: random.Random, besides: tuple[str, ...] = ()) -> Path:
    return folder / chance.choice([name for name in files_of(folder) if name not in besides])


def flip(folder: Path, chance: random.Random, _: Path) -> None:
    """One bit of one file."""
    path = some_file(folder, chance)
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def flip_and_refit(folder: Path, chance: random.Random, _: Path) -> None:
    """One bit of a file, with its hash made to fit."""
    path = some_file(folder, chance, (MANIFEST, SIGNATURE))
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    refit(folder)


def remove(folder: Path, chance: random.Random, _: Path) -> None:
    some_file(folder, chance, (MANIFEST,)).unlink()


def remove_from_list(folder: Path, chance: random.Random, _: Path) -> None:
    """A file, and its line in the manifest."""
    path = some_file(folder, chance, (MANIFEST, SIGNATURE))
    name = path.relative_to(folder).as_posix()
    path.unlink()
    said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    said["files"] = [one for one in said["files"] if one["name"] != name]
    write(folder / MANIFEST, said)


def add(folder: Path, chance: random.Random, _: Path) -> None:
    place = folder / chance.choice(["notes.txt", "sdmx/more.csv", "deliveries.json", ".hidden"])
    place.write_text("more\n", encoding="utf-8")


def swap(folder: Path, chance: random.Random, _: Path) -> None:
    """Two files take each other's name."""
    one, other = chance.sample([n for n in files_of(folder) if n != SIGNATURE], 2)
    kept = (folder / one).read_bytes()
    (folder / one).write_bytes((folder / other).read_bytes())
    (folder / other).write_bytes(kept)


def rename(folder: Path, chance: random.Random, _: Path) -> None:
    path = some_file(folder, chance, (MANIFEST,))
    path.rename(path.with_name(f"x{path.name}"))


def cut(folder: Path, chance: random.Random, _: Path) -> None:
    path = some_file(folder, chance)
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])


def link(folder: Path, chance: random.Random, _: Path) -> None:
    """A file is a link to a copy of itself elsewhere."""
    path = some_file(folder, chance, (MANIFEST, SIGNATURE))
    away = folder.parent / f"away-{folder.name}"
    shutil.move(path, away)
    os.symlink(away, path)


def from_another(folder: Path, chance: random.Random, other: Path) -> None:
    """A file of the package of another recipient under the name of ours."""
    pairs = [(folder / name, other / name.replace("_public", "_spf")) for name in files_of(folder)]
    unlike = [pair for pair in pairs if pair[0].read_bytes() != pair[1].read_bytes()]
    mine, theirs = chance.choice(unlike)
    mine.write_bytes(theirs.read_bytes())


def signature_from_another(folder: Path, chance: random.Random, other: Path) -> None:
    (folder / SIGNATURE).write_bytes((other / SIGNATURE).read_bytes())


def manifest_from_another(folder: Path, chance: random.Random, other: Path) -> None:
    """Manifest and signature, which fit each other."""
    for name in (MANIFEST, SIGNATURE):
        (folder / name).write_bytes((other / name).read_bytes())


def edit_manifest(folder: Path, chance: random.Random, _: Path) -> None:
    """One fact of the manifest is another one."""
    said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    name, value = chance.choice(
        [
            ("profile", "inasti"),
            ("lang", "nl"),
            ("period", "2025Q4"),
            ("business_date", "2026-10-31"),
            ("release_id", "2026-10-31_20261101T020000Z"),
            ("code_version", "another"),
            ("findings", []),
            ("format", 1),
            ("statistics", []),
            ("files", []),
            ("attack", {"applies": False, "exposed": 0, "hidden_besides": 0, "protected": 0}),
        ]
    )
    write(folder / MANIFEST, said | {name: value})


def edit_request(folder: Path, chance: random.Random, _: Path) -> None:
    """Another request, requester or reason."""
    said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    name, value = chance.choice(
        [("requester", "Somebody"), ("version", 7), ("override", None), ("due_on", "2026-12-31")]
    )
    said["commission"][name] = value
    write(folder / MANIFEST, said)


def _edit_values(folder: Path, chance: random.Random, names: list[str]) -> None:
    """One value of the same cell becomes another one in these files."""
    (path,) = folder.glob("T*.csv")
    lines = [line for line in path.read_text("utf-8").splitlines() if ",A,F," in line]
    old = chance.choice(lines).split(",")[4]
    new = f"{float(old) + chance.choice([1, -1, 10]):.2f}"
    for name in names:
        written = (folder / name).read_text(encoding="utf-8")
        pattern = rf'(?<=[,"]){re.escape(old)}(?=[,"])'
        (folder / name).write_text(re.sub(pattern, new, written, count=1), encoding="utf-8")


def edit_value(folder: Path, chance: random.Random, _: Path) -> None:
    """A value in one file, with its hash made to fit."""
    names = [n for n in files_of(folder) if re.fullmatch(r"(sdmx/)?T.*\.(csv|xml)", n)]
    _edit_values(folder, chance, [chance.choice(names)])
    refit(folder)


def edit_value_everywhere(folder: Path, chance: random.Random, _: Path) -> None:
    """A value in every file of texts alike."""
    names = [n for n in files_of(folder) if re.fullmatch(r"(sdmx/)?T.*\.(csv|xml)", n)]
    _edit_values(folder, chance, names)
    refit(folder)


def edit_workbook(folder: Path, chance: random.Random, _: Path) -> None:
    """A number in a sheet."""
    (path,) = folder.glob("*.xlsx")
    draft = path.with_suffix(".new")
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(draft, "w") as out:
        last = sorted(n for n in book.namelist() if n.startswith("xl/worksheets/sheet"))[-1]
        for name in book.namelist():
            content = book.read(name)
            if name == last:
                numbers = list(re.finditer(rb'(?<=s="\d"><v>)[\d.]+(?=</v>)', content))
                numbers += list(re.finditer(rb'(?<=s="\d\d"><v>)[\d.]+(?=</v>)', content))
                # A year is a number too: not that one.
                one = chance.choice([n for n in numbers if b"." in n[0] or int(n[0]) > 3000])
                changed = str(float(one[0]) + 1).encode()
                content = content[: one.start()] + changed + content[one.end() :]
            out.writestr(name, content)
    draft.replace(path)
    refit(folder)


def show_hidden(folder: Path, chance: random.Random, _: Path) -> None:
    """A hidden cell gets a value in every file of texts."""
    (path,) = folder.glob("T*.csv")
    for place in (path, *(folder / "sdmx").glob("*.csv")):
        written = place.read_text(encoding="utf-8")
        changed = re.sub(r",,(EUR,(?:\d,)?)Q,[AOTD]", r",123.00,\1A,F", written, count=1)
        place.write_text(changed, encoding="utf-8")
    refit(folder)


ALL: dict[str, Change] = {
    change.__name__: change
    for change in (
        flip,
        flip_and_refit,
        remove,
        remove_from_list,
        add,
        swap,
        rename,
        cut,
        link,
        from_another,
        signature_from_another,
        manifest_from_another,
        edit_manifest,
        edit_request,
        edit_value,
        edit_value_everywhere,
        edit_workbook,
        show_hidden,
    )
}
#: What somebody might do who has the key of the desk, and makes everything fit.
OF_THE_DESK = (
    flip_and_refit,
    edit_request,
    edit_value,
    edit_value_everywhere,
    edit_workbook,
    show_hidden,
)


def sign_anew(folder: Path, home: Path) -> None:
    """Sign a changed package with the key of a data folder."""
    refit(folder)
    write_signature(folder, home, "fr")
