"""The errors of the ABI as exceptions: raised by a plugin to refuse something, and by what it asks of its host."""


class Failure(Exception):  # noqa: N818 - each class below says what happened
    """Something that fails, with a kind that says whose turn it is; raise one of the classes below.

    Args:
        message: what is wrong, for people.
        code: the plugin's own name for it, for programs.
        retry_after_ms: how long to wait before it is tried again.
        details: any value that says more.
    """

    kind = "internal"

    def __init__(self, message="", *, code=None, retry_after_ms=None, details=None):
        super().__init__(message)
        self.message, self.code, self.retry_after_ms, self.details = str(message), code, retry_after_ms, details

    def item(self):
        """The error as it goes to the host."""
        optional = (("code", self.code), ("retry_after_ms", self.retry_after_ms), ("details", self.details))
        return {"kind": self.kind, "message": self.message} | {k: v for k, v in optional if v is not None}


class Invalid(Failure):
    """This record, or this argument, is wrong; it is not tried again."""

    kind = "invalid"


class BadConfig(Failure):
    """The configuration is wrong, and the operator has to change it."""

    kind = "config"


class Transient(Failure):
    """Something outside is wrong that will pass; it is tried again."""

    kind = "transient"


class Denied(Failure):
    """A capability or a destination is not granted."""

    kind = "denied"


class Exhausted(Failure):
    """A quota is spent."""

    kind = "exhausted"


class NotFound(Failure):
    """What was asked for is not there."""

    kind = "not_found"


class Conflict(Failure):
    """It is there already, or has changed meanwhile."""

    kind = "conflict"


class Unimplemented(Failure):
    """This plugin does not do that."""

    kind = "unimplemented"


class Internal(Failure):
    """The plugin itself is wrong; so is any other exception."""


KINDS = {
    each.kind: each
    for each in (Invalid, BadConfig, Transient, Denied, Exhausted, NotFound, Conflict, Unimplemented, Internal)
}


def from_item(item):
    """The exception for an error of the host."""
    return KINDS.get(item["kind"], Internal)(
        item["message"], code=item.get("code"), retry_after_ms=item.get("retry_after_ms"), details=item.get("details")
    )
