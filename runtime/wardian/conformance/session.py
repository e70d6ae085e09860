"""One instance under test, and what it answers: a call never raises what the plugin came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardian.abi.codec import CodecError, encode
from wardian.conformance.shown import call, shown
from wardian.errors import AbiViolation, GuestError, MemoryExceeded, ReplyTooLarge, WardianError
from wardian.guests import wire
from wardian.guests.context import reply_bounds, request_bounds
from wardian.guests.guest import Order

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.conformance.world import Surroundings
    from wardian.guests.guest import Guest
    from wardian.guests.receipt import Receipt
    from wardian.policy import Limits
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.instance import Instance

_ANY_MEMORY: Final = 2**28  # bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one call.

    Attributes:
        entry: the entry point.
        request: what it was asked.
        value: the reply, where it succeeded.
        error: what it came to otherwise.
        receipt: what it cost, where it succeeded.
    """

    entry: str
    request: object
    value: Any = None
    error: WardianError | None = None
    receipt: Receipt | None = None

    @property
    def refusal(self) -> GuestError | None:
        """The error that the plugin itself answered with, or None."""
        cause = self.error if isinstance(self.error, GuestError) else getattr(self.error, "__cause__", None)
        return cause if isinstance(cause, GuestError) else None

    @property
    def broke_wire(self) -> bool:
        """Whether it answered, but with what is no item, or no error of the ABI."""
        if isinstance(self.error, ReplyTooLarge):
            # Larger than any memory here, it is no reply but a wrong length; others are over a limit, as they may be.
            return self.error.limit == "reply" and (self.error.asked or 0) >= _ANY_MEMORY
        return isinstance(self.error, AbiViolation)

    @property
    def crashed(self) -> bool:
        """Whether it did not answer at all: it trapped, or a limit ended it."""
        over = isinstance(self.error, ReplyTooLarge)
        return not (self.error is None or self.refusal or self.broke_wire or over or self._had_no_room)

    @property
    def _had_no_room(self) -> bool:
        # `wardian_alloc` gave 0, as it may; a trap for want of memory has a backtrace.
        return isinstance(self.error, MemoryExceeded) and not self.error.backtrace

    def told(self) -> str:
        """The answer in a line."""
        if self.refusal:
            return shown_error(self.refusal)
        if self.error is not None:
            frames = getattr(self.error, "backtrace", ())
            return f"{self.error.code}: {self.error.message}" + (f", in {frames[0]}" if frames else "")
        return shown(self.value)

    def asked(self) -> str:
        """The call in a line."""
        return call(self.entry, self.request)

    def same(self, other: Answer) -> bool:
        """Whether another call came to the same."""
        if self.error is None and other.error is None:
            return repr(self.value) == repr(other.value)
        mine, theirs = self.refusal, other.refusal
        return bool(mine and theirs and (mine.kind, mine.message) == (theirs.kind, theirs.message))


def shown_error(error: GuestError) -> str:
    """A plugin's own error in a line."""
    return shown(f"[{error.kind}] {error.message}")[1:-1]


class Session:
    """One instance; or, of a program, one new instance for each call.

    Args:
        make: makes the guest; what it raises is the answer to all that is asked.
        each: whether each call needs another one.
        limits: what is encoded and decoded within.
        notice: told each answer.
    """

    def __init__(
        self,
        make: Callable[[], tuple[Guest, Surroundings]],
        limits: Limits,
        notice: Callable[[Answer], None],
        *,
        each: bool = False,
    ) -> None:
        self._make, self._each, self._notice = make, each, notice
        self._requests, self._replies = request_bounds(limits), reply_bounds(limits)
        self._guest: Guest | None = None
        self._instance: Instance | None = None
        self.world: Surroundings | None = None
        self.failure: WardianError | None = None
        self._renew()

    def ask(self, entry: str, request: object = None, began: Callable[[Call], None] | None = None) -> Answer:
        """Call an entry point; what it was asked has to be an item within the limits."""
        if self._each:
            self._renew()
        if self._guest is None or self.failure is not None:
            return Answer(entry, request, error=self.failure)

        def noted(call: Call) -> None:
            self._instance = call.instance
            if began is not None:
                began(call)

        order = Order(check=self._decode, measured=True, began=noted)
        try:
            outcome = self._guest.call(entry, encode(request, self._requests), order)
            answer = Answer(entry, request, outcome.value, receipt=outcome.receipt)
        except WardianError as error:
            answer = Answer(entry, request, error=error)
            if self._guest.broken and not self._each:
                self.failure = error
        self._notice(answer)
        return answer

    def memory(self) -> int:
        """Bytes of linear memory after the last call; 0 before the first, and once the instance is gone."""
        gone = self._instance is None or self.failure is not None or not self._instance.ready
        return 0 if gone or self._instance is None else self._instance.memory.refresh()

    def fits(self, request: object) -> bool:
        """Whether the limits let a request through."""
        try:
            encode(request, self._requests)
        except CodecError:
            return False
        return True

    def close(self) -> None:
        """Free the instance."""
        if self._guest is not None:
            self._guest.close()
            self._guest = None

    def _renew(self) -> None:
        try:
            self._guest, self.world = self._make()
        except WardianError as error:
            self.failure = error

    def _decode(self, reply: bytes) -> object:
        return wire.decode_reply(reply or wire.NULL, self._replies)
