"""Errors of access that a person reads. Does not belong here: errors of the release."""


class AccessError(Exception):
    """Something about access that cannot be carried out; the message is one sentence."""


class DeclarationError(AccessError):
    """access.yaml says something that means nothing; the message names the line."""


class ForbiddenQuery(AccessError):
    """A query that asks for more than the right it runs under."""


class LoginError(AccessError):
    """The login is set up in a way that cannot be used; `key` is its text in both languages."""

    def __init__(self, key: str, **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(key)
