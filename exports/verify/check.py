"""One thing that was looked at, and what became of it.

Belongs here: the form of a result. Does not belong here: the checks.
"""

from dataclasses import dataclass, field

from exports.verify.texts import say

OK = "ok"
NOT_CHECKED = "not_checked"
#: Nothing speaks against it, and what it is all about is not shown: who made it.
UNPROVEN = "unproven"
#: All is as the desk gave it, and whoever uses it has to know something of it.
ATTENTION = "attention"
WRONG = "wrong"


@dataclass(frozen=True)
class Check:
    """The result of one check: `name` says which, `key` and `values` the sentence."""

    name: str
    state: str
    key: str
    values: dict = field(default_factory=dict)

    def sentence(self, lang: str) -> str:
        """Say what was found, and where something is wrong, what to do."""
        return say(self.key, lang, **self.values)


def ok(name: str, /, **values: object) -> Check:
    """Everything as it should be; the sentence is `<name>_ok`."""
    return Check(name, OK, f"{name}_ok", values)


def not_checked(name: str, why: str, /, **values: object) -> Check:
    """Nobody could look; the sentence is `<name>_<why>`."""
    return Check(name, NOT_CHECKED, f"{name}_{why}", values)


def attention(name: str, what: str, /, **values: object) -> Check:
    """Nothing is wrong, and yet it is to be told loudly; the sentence is `<name>_<what>`."""
    return Check(name, ATTENTION, f"{name}_{what}", values)


def unproven(name: str, why: str, /, **values: object) -> Check:
    """It may be somebody else's; the sentence is `<name>_<why>`."""
    return Check(name, UNPROVEN, f"{name}_{why}", values)


def wrong(name: str, what: str, /, **values: object) -> Check:
    """Something is not as it should be; the sentence is `<name>_<what>`."""
    return Check(name, WRONG, f"{name}_{what}", values)


def some(names: list[str], most: int = 3) -> str:
    """Return the first of many names, and how many there are besides."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" (+ {more})" if more > 0 else "")
