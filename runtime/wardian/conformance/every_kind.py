"""What plugins of every kind promise, in the order in which it is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.conformance import (
    action,
    aggregator,
    buffer,
    endurance,
    extension,
    function,
    loading,
    lookup,
    opening,
    processor,
    requests,
    sink,
    source,
    wishes,
)

if TYPE_CHECKING:
    from wardian.conformance.promise import Promise

OF_MODULES: Final[tuple[Promise, ...]] = loading.PROMISES
FIRST: Final[tuple[Promise, ...]] = (*opening.PROMISES, *requests.PROMISES, *buffer.PROMISES)
LAST: Final[tuple[Promise, ...]] = (*endurance.PROMISES, *wishes.PROMISES, *requests.NOTICED)
OF_KINDS: Final[dict[str, tuple[Promise, ...]]] = {
    "source": source.PROMISES,
    "action": action.PROMISES,
    "processor": processor.PROMISES,
    "function": function.PROMISES,
    "aggregator": aggregator.PROMISES,
    "sink": sink.PROMISES,
    "lookup": lookup.PROMISES,
    "extension": extension.PROMISES,
}
ALL: Final[tuple[Promise, ...]] = (*OF_MODULES, *FIRST, *(each for kind in OF_KINDS.values() for each in kind), *LAST)


def of(kind: str) -> tuple[Promise, ...]:
    """The promises of a symbol of this kind."""
    return (*FIRST, *OF_KINDS.get(kind, ()), *LAST)
