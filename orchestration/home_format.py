"""The format of a data folder: `$VIGIE_HOME/format.json`, and what a newer version does with an
older folder.

The number goes up when a version writes what the one before could not read. A folder of a newer
number is refused by every command (settings.py asks); one of an older number is brought up by the
next run, step by step, each of which is told; what a step changes is copied first, into
`backup/before-format-<N>/`. A folder without the file is of format 0: of before it had a number.

Belongs here: the number, the steps. Does not belong here: the format of a release, of a copy, of
the register (each says its own).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from ingest.durable import write_json
from orchestration.errors import SettingError

FILE = "format.json"
FORMAT = 1


@dataclass(frozen=True)
class Step:
    """How a folder becomes one of the next number.

    Attributes:
        text: key of the sentence that says what it does (texts.yaml).
        touches: names in the data folder that it changes; copied first.
        change: does it; may be done again after a kill.
    """

    text: str
    touches: tuple[str, ...]
    change: Callable[[Path], None]


def _numbered(home: Path) -> None:
    """Nothing but the number: what earlier versions wrote is read as it is (ingest/raw.py makes
    judgements anew where they have no hashes, private.py closes what lay open).
    """


#: By the number that a folder has before it.
STEPS = {0: Step("format.step_0", (), _numbered)}


def found(home: Path) -> int:
    """The format of a data folder; 0 where it says none.

    Raises:
        SettingError: the file says something else than a number, or this account may not read it.
    """
    try:
        return int(json.loads((home / FILE).read_text(encoding="utf-8"))["format"])
    except FileNotFoundError:
        return 0
    except NotADirectoryError:
        return 0
    except PermissionError:  # nothing is wrong with what it says
        raise SettingError("setting.closed", value=home / FILE) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise SettingError("setting.format_broken", value=home / FILE) from None


def refuse_newer(home: Path) -> None:
    """Stop where a newer version of Vigie wrote this data folder.

    Raises:
        SettingError: it did, or the file is damaged.
    """
    number = found(home)
    if number > FORMAT:
        raise SettingError(
            "setting.format_newer", variable="VIGIE_HOME", value=home, found=number, known=FORMAT
        )


def bring_up(home: Path) -> list[str]:
    """Bring a data folder to the format of this version; return the keys of the sentences that say
    what was done, none where nothing was. Hold the lock of the data folder.

    A new folder gets its number and nothing is told. Killed in between, the folder has the number
    of the last step that was finished, and the next run goes on from there.
    """
    refuse_newer(home)
    is_new = not (home / "raw").exists()
    told = []
    for number in range(found(home), FORMAT):
        step = STEPS[number]
        _copy_first(home, number + 1, step.touches)
        step.change(home)
        _say(home, number + 1)
        if not is_new:
            told.append(step.text)
    return told


def _copy_first(home: Path, number: int, names: tuple[str, ...]) -> None:
    kept = home / "backup" / f"before-format-{number}"
    for name in names:
        source, target = home / name, kept / name
        if not source.exists() or target.exists():
            continue
        draft = target.with_name(f".{target.name}.tmp")
        draft.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(draft, ignore_errors=True)
        if source.is_dir():
            shutil.copytree(source, draft)
        else:
            shutil.copy2(source, draft)
        draft.rename(target)


def _say(home: Path, number: int) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    said = {"format": number, "vigie": version("vigie"), "since": now}
    write_json(home / FILE, said)
