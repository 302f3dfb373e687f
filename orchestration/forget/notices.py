"""What notices hold of a person: subscriptions to their page, messages of the outbox.

Subjects, feeds, alarms and lists of runs name nobody (docs/notices.md): nothing of them goes. A
message with a page attached goes too, since what stands in a PDF cannot be searched here.

Does not belong here: the record of accesses, which stays (docs/backup.md).
"""

from __future__ import annotations

import email
import os
from collections.abc import Sequence
from email import policy
from email.message import EmailMessage
from pathlib import Path

from orchestration.mail import FOLDER
from orchestration.settings import Settings


def forget(settings: Settings, accounts: Sequence[str]) -> int:
    """Take away subscriptions and messages that name these dossiers; returns how many."""
    return _subscriptions(settings, list(accounts)) + _messages(settings, accounts)


def _subscriptions(settings: Settings, accounts: list[str]) -> int:
    url = os.environ.get("VIGIE_SUBSCRIPTIONS")
    if url is None and not (settings.home / "subscriptions").is_dir():
        return 0
    # Late: the libraries of databases.
    from dashboards.subscriptions.store import Subscriptions

    return Subscriptions(settings.home, url).take_away(accounts)


def _messages(settings: Settings, accounts: Sequence[str]) -> int:
    named = [
        file for file in (settings.home / FOLDER).glob("*.eml") if _may_name(_read(file), accounts)
    ]
    for file in named:
        file.unlink()
    return len(named)


def _read(file: Path) -> EmailMessage:
    return email.message_from_bytes(file.read_bytes(), policy=policy.default)


def _may_name(message: EmailMessage, accounts: Sequence[str]) -> bool:
    texts = [str(value) for value in message.values()]
    for part in message.walk():
        if part.is_multipart():
            continue
        if part.get_content_maintype() != "text":
            return True
        texts.append(part.get_content())
    return any(name in text for name in accounts for text in texts)
