"""Alarms: what is wrong now, told once when it begins and once when it is over.

Belongs here: judging the declared alarms, remembering who was told
(`$VIGIE_HOME/alarms/alarms.json`), telling. Does not belong here: what is measured (facts.py), the
list (alarms.yaml).

Who was told is written down after they were: a process that is killed in between tells twice
rather than never. A place that does not answer is told the next time.
"""

from __future__ import annotations

import hashlib
import json
import logging
import operator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.doctor import access, desk, examine, folder, stored
from orchestration.files import write_whole
from orchestration.mail import MailError, NotHandedOver, Post, Unsure, server_of
from orchestration.notices import write_alarm
from orchestration.settings import Settings
from orchestration.texts import say
from orchestration.watch.facts import flat

log = logging.getLogger("vigie")
FILE = Path(__file__).with_name("alarms.yaml")
RAISED, OVER = "raised", "over"
ERROR, WARNING = "error", "warning"
#: What an alarm may name of `vigie doctor`: the checks that read no large file.
CHECKS = {
    "space": folder.space,
    "key": stored.key,
    "pointers": stored.pointers,
    "register": desk.register,
    "accesses": access.accesses,
}
_COMPARED = {"above": operator.gt, "below": operator.lt, "above_setting": operator.gt}
#: Seconds that a page which takes alarms may take to answer.
_PATIENCE = 10


@dataclass(frozen=True)
class Alarm:
    """One declared alarm: `fact` compared by `how` with `limit` (a number, or the name of a
    setting), or `finding`: a check of `vigie doctor`."""

    name: str
    severity: str
    texts: dict[str, str]
    fact: str = ""
    how: str = ""
    limit: Any = None
    finding: str = ""

    @property
    def page(self) -> str:
        """Return its page of the run book."""
        return f"docs/runbook/{self.name}.md"


@dataclass(frozen=True)
class Raised:
    """An alarm that is on, with the value that raised it and its limit."""

    alarm: Alarm
    value: float | None = None
    limit: float | None = None

    def text(self, lang: str) -> str:
        """Return what is wrong, in a sentence."""
        return self.alarm.texts[lang].format(value=_number(self.value), limit=_number(self.limit))


@cache
def declared() -> tuple[Alarm, ...]:
    """Return the alarms of alarms.yaml, in its order."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    found = []
    for name, said in content.items():
        texts = {lang: said.pop(lang) for lang in ("fr", "nl", "en")}
        how = next((one for one in _COMPARED if one in said), "")
        limit = said.pop(how) if how else None
        found.append(Alarm(name=name, texts=texts, how=how, limit=limit, **said))
    return tuple(found)


def judge(settings: Settings, state: dict[str, Any]) -> list[Raised]:
    """Return the alarms that are on, in the order of the list. `state`: status.read_status."""
    facts = flat(settings, state)
    found = []
    for alarm in declared():
        if alarm.finding:
            if examine(settings, (CHECKS[alarm.finding],)):
                found.append(Raised(alarm))
            continue
        value = facts[alarm.fact]
        limit = getattr(settings, alarm.limit) if alarm.how == "above_setting" else alarm.limit
        if value is not None and _COMPARED[alarm.how](value, limit):
            found.append(Raised(alarm, value, limit))
    return found


def tell(settings: Settings, raised: list[Raised]) -> list[str]:
    """Tell each place what began and what is over since the last time; returns sentences about
    what could not be told."""
    file = settings.home / "alarms" / "alarms.json"
    known, now = _read(file), {one.alarm.name: one for one in raised}
    at = datetime.now(UTC).isoformat(timespec="seconds")
    for name, one in now.items():
        if known.get(name, {}).get("state") != RAISED:
            text = one.text(settings.lang)
            known[name] = {"state": RAISED, "since": at, "text": text, "told": []}
            write_alarm(settings, name, text, one.alarm.page)
    for name, said in list(known.items()):
        if name not in now and said["state"] == RAISED:
            # Only who was told that it began is told that it is over.
            known[name] = said | {"state": OVER, "over_at": at, "to": said["told"], "told": []}
    _write(file, known)
    failed = []
    for place in settings.alarms:
        failed += _tell_place(settings, place, known, file)
    kept = {_id(place) for place in settings.alarms}
    for name, said in list(known.items()):
        if said["state"] == OVER and not (set(said["to"]) & kept) - set(said["told"]):
            del known[name]
    _write(file, known)
    return failed


def current(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return the alarms that are on, by name: since, text (as it was told)."""
    known = _read(settings.home / "alarms" / "alarms.json")
    return {
        name: {"since": said["since"], "text": said["text"]}
        for name, said in known.items()
        if said["state"] == RAISED
    }


def _tell_place(settings: Settings, place: str, known: dict[str, Any], file: Path) -> list[str]:
    mark = _id(place)
    for name, said in known.items():
        if mark in said["told"] or (said["state"] == OVER and mark not in said["to"]):
            continue
        try:
            _send(settings, place, name, said)
        except (MailError, NotHandedOver, Unsure, OSError) as error:
            log.warning("alarm %s: %s", name, error)
            return [str(error)]
        said["told"] = [*said["told"], mark]
        _write(file, known)
    return []


def _send(settings: Settings, place: str, name: str, said: dict[str, Any]) -> None:
    alarm = next((one for one in declared() if one.name == name), None)
    severity = alarm.severity if alarm else WARNING
    page = alarm.page if alarm else ""
    lang, is_over = settings.lang, said["state"] == OVER
    title = say(lang, f"alarm.{said['state']}", name=name)
    lines = [said["text"], say(lang, "alarm.since", since=said["since"])]
    if is_over:
        lines.append(say(lang, "alarm.over_at", at=said["over_at"]))
    lines.append(say(lang, "alarm.page", page=page))
    if place.startswith("mailto:"):
        made = EmailMessage()
        post = Post(settings, server_of(settings))
        made["Subject"], made["From"] = title, post.sender
        made["To"] = place.removeprefix("mailto:")
        made["Date"] = format_datetime(datetime.now(UTC))
        made["Auto-Submitted"] = "auto-generated"
        made.set_content("\n".join(lines) + "\n")
        began = "".join(one for one in said["since"] if one.isalnum())
        post.hand_over(f"alarm_{name}_{said['state']}_{began}_{_id(place)}", made)
        return
    # Late: only who has such a page waits for its library.
    import httpx

    told = {"alarm": name, "state": said["state"], "severity": severity, "title": title,
            "text": said["text"], "since": said["since"], "over_at": said.get("over_at"),
            "page": page}  # fmt: skip
    try:
        httpx.post(place, json=told, timeout=_PATIENCE).raise_for_status()
    except httpx.HTTPError as error:
        # Its address may be a secret: only the machine is named.
        host = httpx.URL(place).host
        reason = type(error).__name__
        if isinstance(error, httpx.HTTPStatusError):
            reason = f"HTTP {error.response.status_code}"
        raise NotHandedOver(say(lang, "alarm.unanswered", host=host, reason=reason)) from None


def _id(place: str) -> str:
    """What stands for a place in the file: its address may be a secret."""
    return hashlib.sha256(place.encode()).hexdigest()[:12]


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return str(int(value)) if value == int(value) else f"{value:.1f}"


def _read(file: Path) -> dict[str, Any]:
    """What is known; what cannot be read is told anew."""
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
        return {
            str(name): {"to": [], **said}
            for name, said in known.items()
            if said["state"] in (RAISED, OVER) and {"since", "text", "told"} <= said.keys()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write(file: Path, known: dict[str, Any]) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(file, json.dumps(known, ensure_ascii=False, indent=1))
