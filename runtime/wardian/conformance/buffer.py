"""Promises of every kind about the buffer in which requests lie."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from wardian.abi.codec import encode
from wardian.abi.contract import ALLOC, INITIALIZE, PLUGIN_OPEN, unpack
from wardian.conformance import world
from wardian.conformance.promise import Promise, Verdict, failed, not_applicable, passed
from wardian.conformance.requests import own_entries
from wardian.conformance.samples import Request, good, samples
from wardian.errors import AbiViolation, WardianError
from wardian.guests.context import request_bounds
from wardian.quantity import format_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wardian.conformance.subject import Subject
    from wardian.sandbox.instance import Instance

_SIZES: Final = (1, 7, 256, 4_096, 65_536, 2**20)
_MUST: Final = 65_536  # bytes; of more, `wardian_alloc` may say that there is no room
_EXPECTED: Final = "the same replies as with a buffer for each request"
_FILL: Final = b"\xaa"
_NANOSECONDS: Final = 10**9

Reply = tuple[bool, bytes]


class Raw:
    """An instance whose buffer the kit asks for itself, as no host does."""

    def __init__(self, instance: Instance, surroundings: world.Surroundings, seconds: float) -> None:
        self._instance, self._surroundings, self._seconds = instance, surroundings, seconds

    def alloc(self, size: int) -> int:
        """A buffer; 0 where there is no room."""
        return self._run(ALLOC, size) & 0xFFFFFFFF

    def exchange(self, pointer: int, entry: str, request: bytes) -> Reply:
        """Whether a call failed, and its reply."""
        self._instance.memory.write(pointer, request)
        result = unpack(self._run(entry, pointer, len(request)))
        self._surroundings.settle(succeeded=not result.failed)
        return result.failed, self._instance.memory.read(result.pointer, result.length)

    def fill(self, pointer: int, size: int) -> None:
        """Write all of a buffer."""
        self._instance.memory.write(pointer, _FILL * size)

    def memory(self) -> int:
        """The bytes of its memory."""
        return self._instance.memory.refresh()

    def _run(self, name: str, *arguments: int) -> int:
        call = self._instance.begin(int(self._seconds * _NANOSECONDS))
        return self._instance.run(call, self._instance.function(name), *arguments)


@contextmanager
def raw(subject: Subject) -> Iterator[Raw]:
    """A new instance, not opened."""
    surroundings = world.Surroundings(subject.limits)
    instance, call = subject.prepared.instantiate(subject.limits, subject.limits.start_deadline, surroundings)
    try:
        if INITIALIZE in subject.module.exports:
            instance.run(call, instance.function(INITIALIZE))
        yield Raw(instance, surroundings, subject.limits.deadline)
    finally:
        instance.close()


def _room(subject: Subject) -> Verdict:
    if subject.is_command:
        return not_applicable("a program reads standard input")
    sizes = [size for size in (*_SIZES, subject.limits.request) if size <= subject.limits.request]
    refused = ""
    for size in sizes:
        with raw(subject) as one:
            pointer = one.alloc(size)
            if not pointer and size <= _MUST:
                return failed(f"a buffer of {format_size(size)}", "`wardian_alloc` gave 0", f"{ALLOC} {size}")
            if not pointer:
                refused = f"none of {format_size(size)}"
                break
            if pointer + size > one.memory():
                seen = f"{size} bytes at {pointer}, of a memory of {one.memory()} bytes"
                return failed("a buffer that lies in memory", seen, f"{ALLOC} {size}")
    return passed(refused)


def _compared(use: Callable[[Raw, list[tuple[str, bytes]]], list[Reply]]) -> Callable[[Subject], Verdict]:
    """The check that requests are answered the same as when each has a buffer of its own size."""

    def check(subject: Subject) -> Verdict:
        asked = [(entry, encode(request, request_bounds(subject.limits))) for entry, request in _work(subject)]
        if subject.is_command or not asked:
            return not_applicable("a program reads standard input" if subject.is_command else "it has no entry points")
        between: list[Reply] | WardianError
        try:
            before = _replies(subject, _one_each, asked)
            try:
                between = _replies(subject, use, asked)
            except WardianError as error:
                between = error
            # Only now: where it tells the time, and these are as those before, what lies between them is so too.
            again = _replies(subject, _one_each, asked)
        except WardianError as error:
            return not_applicable(f"its work ends with {error.code}, which other promises are about")
        if isinstance(between, WardianError):
            return failed(_EXPECTED, f"{between.code}: {between.message}")
        if before != again:
            return passed("its replies differ from one instance to the next, so they were not compared")
        return next(filter(None, map(_differ, asked, before, between)), passed())

    return check


def _differ(asked: tuple[str, bytes], one: Reply, other: Reply) -> Verdict | None:
    if one == other:
        return None
    seen = f"h'{other[1][:40].hex()}' instead of h'{one[1][:40].hex()}'"
    return failed(_EXPECTED, seen, f"{asked[0]} {len(asked[1])} bytes")


def _work(subject: Subject) -> list[Request]:
    kind = subject.symbol.kind
    opening: list[Request] = [(PLUGIN_OPEN, subject.opening())] if subject.has(PLUGIN_OPEN) else []
    return opening + good(kind, samples(kind, subject.samples), own_entries(subject))


def _replies(
    subject: Subject, use: Callable[[Raw, list[tuple[str, bytes]]], list[Reply]], asked: list[tuple[str, bytes]]
) -> list[Reply]:
    with raw(subject) as one:
        return use(one, asked)


def _one_each(one: Raw, asked: list[tuple[str, bytes]]) -> list[Reply]:
    return [one.exchange(_buffer(one, len(request)), entry, request) for entry, request in asked]


def _filled(one: Raw, asked: list[tuple[str, bytes]]) -> list[Reply]:
    """In a buffer that is written to its end before each request, and one that grows after the opening."""
    replies = []
    size = 0
    for entry, request in asked:
        size = max(2 * size, _MUST // 4, len(request))
        pointer = _buffer(one, size)
        one.fill(pointer, size)
        replies.append(one.exchange(pointer, entry, request))
    return replies


def _reused(one: Raw, asked: list[tuple[str, bytes]]) -> list[Reply]:
    """In one buffer for all of them."""
    size = max(len(request) for _, request in asked)
    pointer = _buffer(one, size)
    return [one.exchange(pointer, entry, request) for entry, request in asked]


def _buffer(one: Raw, size: int) -> int:
    pointer = one.alloc(size)
    if not pointer:
        raise AbiViolation(f"`{ALLOC}` gave no room for {format_size(size)}")
    return pointer


PROMISES: Final = (
    Promise(
        "buffer.room", "`wardian_alloc` gives a buffer that lies in memory, or 0.",
        "A host writes requests there.", "grow memory before you give a pointer near its end", _room,
    ),
    Promise(
        "buffer.own", "Writing all of a buffer, however large, disturbs nothing else.",
        "A host that asked for so many bytes may write them all.",
        "give as many bytes as are asked for: a buffer of a fixed size ends where other data begins",
        _compared(_filled),
    ),
    Promise(
        "buffer.reused", "One buffer serves any number of requests that fit.",
        "A host asks for another only when a request is larger.",
        "free the buffer only when `wardian_alloc` is called again, never at the end of a call", _compared(_reused),
    ),
)  # fmt: skip
