"""How a login is set up, and who somebody is by the claims of their token.

Belongs here: `$VIGIE_HOME/keys/login.toml` (docs/access.md), claims, how long a login lasts. Does
not belong here: what is drawn (entry.py), OpenID Connect itself (Streamlit's own, with Authlib).
"""

from __future__ import annotations

import ipaddress
import os
import re
import stat
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dashboards.access.errors import LoginError
from dashboards.access.person import Person, known_roles
from release.home import vigie_home

_FOLDER, _FILE = "keys", "login.toml"
_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_LEAST_SECRET = 32
_MOST_HOURS = 24
#: Clocks of two machines differ by so many seconds.
_SKEW = 60
# One address: nothing in it that would begin another header or name a second recipient.
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,250}")


@dataclass(frozen=True)
class Setup:
    """Section [vigie] of login.toml: names of claims (`mail`: where notices go), hours that
    a login lasts, the claim's word for all offices, the provider's words for roles, whom to ask
    for a role."""

    subject: str = "sub"
    name: str = "name"
    roles: str = "roles"
    offices: str = "offices"
    mail: str = "email"
    all_offices: str = "ALL"
    hours: float = 8
    contact: str = ""
    groups: dict[str, list[str]] = field(default_factory=dict)


def login_file(home: str | os.PathLike[str] | None = None) -> Path:
    """Return where the login is set up; without that file there is none."""
    return vigie_home(home) / _FOLDER / _FILE


def setup(home: str | os.PathLike[str] | None = None) -> Setup | None:
    """Return how the login is set up; None where there is none.

    Raises:
        LoginError: the file is open to other accounts, cannot be read, or says too little.
    """
    file = login_file(home)
    try:
        with open(file, "rb") as opened:
            if os.fstat(opened.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise LoginError("login_open")
            content = tomllib.load(opened)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise LoginError("login_unreadable", reason=_first_line(error)) from error
    _check_auth(content.get("auth"))
    return _ours(content.get("vigie", {}))


def public_host(home: str | os.PathLike[str] | None = None) -> str:
    """Return the name under which browsers know the pages, where a login is set up."""
    with open(login_file(home), "rb") as opened:
        return urlsplit(tomllib.load(opened)["auth"]["redirect_uri"]).hostname or ""


def _check_auth(auth: Any) -> None:
    for name in _NEEDED:
        if not isinstance(auth, dict) or not isinstance(auth.get(name), str) or not auth[name]:
            raise LoginError("login_lacks", name=f"[auth] {name}")
    if len(auth["cookie_secret"]) < _LEAST_SECRET:
        raise LoginError("login_secret_short", least=_LEAST_SECRET)
    back = urlsplit(auth["redirect_uri"])
    if back.scheme != "https" and not is_loopback(back.hostname or ""):
        # Streamlit's cookie is not marked secure: over plain HTTP anybody on the way reads it.
        raise LoginError("login_plain")


def _ours(given: Any) -> Setup:
    kinds = {one.name: one.type for one in fields(Setup)}
    for name, value in given.items():
        fits = {
            "hours": isinstance(value, (int, float)) and 0 < value <= _MOST_HOURS,
            "groups": isinstance(value, dict)
            and set(value) <= set(known_roles(list(value)))
            and all(isinstance(one, list) for one in value.values()),
        }.get(name, isinstance(value, str))
        if name not in kinds or not fits:
            raise LoginError("login_means_nothing", name=f"[vigie] {name}")
    return Setup(**given)


def person_of(claims: Mapping[str, Any], how: Setup) -> Person:
    """Return who somebody is. Roles and offices that do not exist mean nothing."""
    groups = _texts(claims.get(how.roles))
    roles = known_roles(groups)
    for role, names in how.groups.items():
        if groups & set(names):
            roles = known_roles({*roles, role})
    offices = _texts(claims.get(how.offices))
    subject = str(claims.get(how.subject, ""))
    return Person(
        subject=subject,
        name=str(claims.get(how.name) or claims.get("email") or subject),
        roles=roles,
        offices=None if how.all_offices in offices else frozenset(offices),
        is_known=True,
        mail=mail_of(claims.get(how.mail), claims.get("email_verified")),
    )


def mail_of(claim: Any, is_verified: Any = None) -> str:
    """Return the address of a claim; nothing where it is none, or was not verified."""
    text = claim.strip() if isinstance(claim, str) else ""
    return text if _MAIL.fullmatch(text) and is_verified is not False else ""


def lasts(claims: Mapping[str, Any], how: Setup, now: float | None = None) -> bool:
    """Whether a login still counts: its hours since the person showed who they are have not passed,
    and the token itself has not expired. Without a time it never counts.
    """
    now = time.time() if now is None else now
    begun = _moment(claims.get("auth_time", claims.get("iat")))
    ends = _moment(claims.get("exp"))
    if begun is None or ends is None or begun > now + _SKEW:
        return False
    return now < begun + how.hours * 3600 + _SKEW and now < ends + _SKEW


def is_loopback(address: str) -> bool:
    """Whether an address is reached from this machine alone."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def _texts(value: Any) -> set[str]:
    """A claim of several values, however the provider writes it: a list, or one text with commas
    or blanks between."""
    if isinstance(value, str):
        return set(value.replace(",", " ").split())
    return {one for one in value if isinstance(one, str)} if isinstance(value, list) else set()


def _moment(value: Any) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number else None


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
