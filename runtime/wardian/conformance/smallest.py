"""The smallest limits with which a plugin does its work: found by trying, on its good inputs."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardian.abi.codec import encode
from wardian.conformance import laboratory
from wardian.conformance.requests import own_entries
from wardian.conformance.samples import Request, good, samples
from wardian.errors import GuestError, WardianError
from wardian.guests import wire
from wardian.guests.context import reply_bounds, request_bounds
from wardian.guests.guest import Order
from wardian.quantity import format_duration, format_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.conformance.subject import Subject
    from wardian.guests.outcome import Outcome
    from wardian.policy import Limits
    from wardian.sandbox.prepared import Prepared

_PAGE: Final = 65_536
_STACK: Final = 65_536  # the least that there is, and the steps
_ROUNDS: Final = 3
_MARGIN: Final = 5  # times what the slowest call took: other machines are slower, and this one is busier at times
_LEAST_DEADLINE: Final = 0.01
_NICE: Final = (1, 2, 5)
_ALL_FUEL: Final = 2**40


@dataclass(frozen=True, slots=True)
class Smallest:
    """The smallest limits, for `limits` of `plugin.yaml`.

    Attributes:
        memory: bytes, a multiple of 64 KiB.
        stack: bytes, a multiple of 64 KiB.
        fuel: of one call, or of the opening where that takes more.
        deadline: seconds, with a margin: of this machine.
        slowest: seconds that the slowest call took.
    """

    memory: int
    stack: int
    fuel: int
    deadline: float
    slowest: float

    def written(self) -> dict[str, str | int]:
        """As people write them."""
        return {
            "memory": format_size(self.memory), "deadline": format_duration(self.deadline), "fuel": self.fuel,
            "stack": format_size(self.stack),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """What came of some rounds of work.

    Attributes:
        ends: how each call ended: `reply`, or the kind of the plugin's error.
        memory: bytes of linear memory that were taken.
        fuel: the most that one call spent, or 0 where it is not metered.
        seconds: the longest that one call took.
    """

    ends: tuple[str, ...]
    memory: int
    fuel: int
    seconds: float


def find(subject: Subject) -> Smallest:
    """The smallest limits with which all calls of the work end as they do with those of the subject.

    Raises:
        WardianError: the work does not end by itself with those limits either, or all of it is refused.
    """
    limits = subject.limits
    full = work(subject, subject.prepared, limits)
    if "reply" not in full.ends:
        raise WardianError("it refuses all of its inputs; give good ones with `--input`")
    alike: Callable[[Prepared, Limits], bool] = lambda prepared, less: _is_alike(subject, prepared, less, full)  # noqa: E731
    least = subject.module.exports["memory"].least
    memory = _PAGE * lowest(
        max(1, least), max(least, math.ceil(full.memory / _PAGE), 1),
        lambda pages: alike(subject.prepared, dataclasses.replace(limits, memory=pages * _PAGE)),
    )  # fmt: skip
    stack = _STACK * lowest(
        1, math.ceil(limits.stack / _STACK), lambda count: _with_stack(subject, count * _STACK, alike)
    )
    return Smallest(memory, min(stack, limits.stack), _fuel(subject, alike), _deadline(full.seconds), full.seconds)


def lowest(least: int, most: int, holds: Callable[[int], bool]) -> int:
    """The least number from which on it holds; `most` where it holds for no smaller one, which is not tried."""
    while least < most:
        middle = (least + most) // 2
        if holds(middle):
            most = middle
        else:
            least = middle + 1
    return most


def nice(seconds: float) -> float:
    """The next duration that people write: 1, 2 or 5 times a power of ten, and 10 ms at least."""
    power = 10.0 ** math.floor(math.log10(max(seconds, _LEAST_DEADLINE)))
    return round(
        next(each * power for each in (*_NICE, 10) if each * power >= max(seconds, _LEAST_DEADLINE) * 0.999), 9
    )


def _deadline(slowest: float) -> float:
    return nice(slowest * _MARGIN)


def _with_stack(subject: Subject, stack: int, alike: Callable[[Prepared, Limits], bool]) -> bool:
    limits = dataclasses.replace(subject.limits, stack=stack)
    module = subject.lab.compile(subject.wasm, limits)
    return alike(subject.lab.prepare(module, limits), limits)


def _fuel(subject: Subject, alike: Callable[[Prepared, Limits], bool]) -> int:
    limits = dataclasses.replace(subject.limits, fuel=_ALL_FUEL)
    prepared = subject.lab.prepare(subject.lab.compile(subject.wasm, limits), limits)
    spent = work(subject, prepared, limits).fuel
    holds: Callable[[int], bool] = lambda fuel: alike(prepared, dataclasses.replace(limits, fuel=max(1, fuel)))  # noqa: E731
    if holds(spent):
        return max(1, spent)
    # Opening costs more than any call, and gives no receipt.
    low, high = spent, max(1, spent) * 2
    while not holds(high) and high < _ALL_FUEL:
        low, high = high, high * 2
    return lowest(low + 1, high, holds)


def _is_alike(subject: Subject, prepared: Prepared, limits: Limits, full: Run) -> bool:
    try:
        return work(subject, prepared, limits).ends == full.ends
    except WardianError:
        return False


def work(subject: Subject, prepared: Prepared, limits: Limits) -> Run:
    """Open an instance as a host does, and give it some rounds of work.

    Raises:
        WardianError: it did not open, or a call did not end by itself.
    """
    requests, replies = request_bounds(limits), reply_bounds(limits)
    order = Order(check=lambda reply: wire.decode_reply(reply or wire.NULL, replies), measured=True)
    ends: list[str] = []
    costs: list[Outcome] = []
    if subject.is_command:
        guest: Any = None
    else:
        guest, _ = laboratory.instance(prepared, limits, subject.opening())
    try:
        for entry, request in _rounds(subject):
            if subject.is_command:
                guest, _ = laboratory.program(prepared, limits)
            try:
                costs.append(guest.call(entry, encode(request, requests), order))
                ends.append("reply")
            except GuestError as error:
                ends.append(error.kind)
    finally:
        if guest is not None:
            guest.close()
    receipts = [cost.receipt for cost in costs]
    return Run(
        tuple(ends), max((each.memory for each in receipts), default=subject.limits.memory),
        max((each.fuel or 0 for each in receipts), default=1),
        max((each.wall_ns for each in receipts), default=0) / 1e9,
    )  # fmt: skip


def _rounds(subject: Subject) -> list[Request]:
    kind = subject.symbol.kind
    given = samples(kind, subject.samples)
    return [each for step in range(_ROUNDS) for each in good(kind, given, own_entries(subject), step)]
