"""Variables of a running job, and what one call sees and changes of them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from wardian.abi.codec import Bounds, CodecError, decode, encode
from wardian.errors import CapabilityError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wardian.sandbox.deadline import Call

MOST_VARIABLES: Final = 1_000
MOST_BYTES: Final = 2**18  # of all names and values as encoded; each expansion of a text may look through all of them
MOST_NAME: Final = 200  # printable characters
_BOUNDS: Final = Bounds(size=MOST_BYTES, items=100_000, depth=64)


class Variables:
    """Names and values that the calls of one job share; a name without a value is one that is null.

    Values are plain data. Those that it is made with are copied; those that a call sets are the call's no more.

    Threads: any number. Two calls at a time each see their own changes, and of a name that both set the later call's
    value stays. Each is bounded by itself, so that together they may leave up to as many as each was allowed.

    Raises:
        ValueError: a name or a value is wrong, or there is too much; the text says which.
    """

    def __init__(self, values: Mapping[str, object] | None = None) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, tuple[object, int]] = {}
        for name, value in (values or {}).items():
            if not is_name(name):
                raise ValueError(f"expected a printable name of 1 to {MOST_NAME} characters, got {name!r:.80}")
            try:
                encoded = encode(value, _BOUNDS)
            except CodecError as error:
                raise ValueError(f"`{name}`: {error}") from None
            if value is not None:
                self._held[name] = (decode(encoded, _BOUNDS), len(name.encode()) + len(encoded))
        flaw = self.flaw_with({})
        if flaw:
            raise ValueError(flaw)

    def get(self, name: str) -> object:
        """The value, or None."""
        held = self._held.get(name)
        return None if held is None else held[0]

    def values(self) -> Mapping[str, object]:
        """All of them as they are now; a value may be made only when it is looked at."""
        with self._lock:
            return {name: value for name, (value, _) in self._held.items()}

    def shell(self, text: str) -> Callable[[str], str] | None:  # noqa: ARG002 - for those that know better
        """What runs the commands in a text; None, for a text may come from a guest."""
        return None

    def apply(self, changes: Mapping[str, tuple[object, int]]) -> None:
        """Set these names to these values of these sizes, all at once; null removes."""
        with self._lock:
            for name, (value, size) in changes.items():
                if value is None:
                    self._held.pop(name, None)
                else:
                    self._held[name] = (value, size)

    def flaw_with(self, changes: Mapping[str, tuple[object, int]]) -> str:
        """What would be too much after these changes, or an empty text."""
        with self._lock:
            after = {**self._held, **changes}
        sizes = [size for value, size in after.values() if value is not None]
        if len(sizes) > MOST_VARIABLES:
            return f"there are at most {MOST_VARIABLES} variables"
        if sum(sizes) > MOST_BYTES:
            return f"all variables together have at most {MOST_BYTES} bytes"
        return ""


class View:
    """The variables as the running call of one instance sees them: with its own changes, which last if it succeeds.

    Args:
        default: the variables of calls that are given none of their own.
    """

    def __init__(self, default: Variables) -> None:
        self._default = default
        self._changed: Variables | None = None
        self._changes: dict[str, tuple[object, int]] = {}

    def get(self, call: Call, name: str) -> object:
        """The value, or None."""
        if name in self._changes:
            return self._changes[name][0]
        return self._of(call).get(name)

    def set(self, call: Call, name: str, value: object) -> None:
        """Set it for the rest of the call; None removes it.

        Raises:
            CapabilityError: `exhausted`.
        """
        variables = self._of(call)
        try:
            changes = {**self._changes, name: (value, size_of(name, value))}
            if value is None and variables.get(name) is None:
                del changes[name]  # nothing has to be removed: what is kept of a call cannot grow so
        except CodecError as error:
            raise CapabilityError("exhausted", f"a variable is too large: {error}", guest_code="variables") from None
        flaw = variables.flaw_with(changes)
        if flaw:
            raise CapabilityError("exhausted", flaw, guest_code="variables")
        self._changed, self._changes = variables, changes

    def values(self, call: Call) -> Mapping[str, object]:
        """All that have a value, until the next change."""
        held = self._of(call).values()
        return _Seen(held, {name: value for name, (value, _) in self._changes.items()}) if self._changes else held

    def shell(self, call: Call, text: str) -> Callable[[str], str] | None:
        """What runs the commands in a text, or None where it may run none."""
        return self._of(call).shell(text)

    def settle(self, *, succeeded: bool) -> None:
        """Keep what the call changed, or forget it."""
        changed, changes = self._changed, self._changes
        self._changed, self._changes = None, {}
        if succeeded and changed is not None:
            changed.apply(changes)

    def _of(self, call: Call) -> Variables:
        return call.variables or self._default


class _Seen(Mapping[str, object]):
    """Variables with changes over them, of which null removes; no value is looked at before it is asked for."""

    def __init__(self, held: Mapping[str, object], changes: Mapping[str, object]) -> None:
        self._held, self._changes = held, changes

    def __getitem__(self, name: str) -> object:
        value = self._changes[name] if name in self._changes else self._held[name]
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        if name in self._changes:
            return self._changes[name] is not None  # type: ignore[index] # it is there, so it is a text
        return name in self._held

    def __iter__(self) -> Iterator[str]:
        yield from (name for name in {**dict.fromkeys(self._held), **self._changes} if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def is_name(given: object) -> bool:
    """Whether it can be the name of a variable."""
    return isinstance(given, str) and 0 < len(given) <= MOST_NAME and given.isprintable()


def size_of(name: str, value: object) -> int:
    """Bytes of a name and its value as encoded.

    Raises:
        CodecError: the value cannot be encoded, or is too large.
    """
    return len(name.encode()) + len(encode(value, _BOUNDS))
