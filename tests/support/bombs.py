"""Small modules that cost a compiler much: seconds and gigabytes for a few kilobytes of wasm."""

from __future__ import annotations

MAGIC = b"\0asm\x01\0\0\0"
I32 = b"\x7f"


def number(value: int) -> bytes:
    """An unsigned LEB128 number."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])


def section(kind: int, content: bytes) -> bytes:
    """One section of a module."""
    return bytes([kind]) + number(len(content)) + content


def vector(*items: bytes) -> bytes:
    """Items with their count before them."""
    return number(len(items)) + b"".join(items)


def module(kinds: list[bytes], functions: list[int], bodies: list[bytes]) -> bytes:
    """A module of functions alone: their types, the type of each, their code."""
    code = [number(len(body)) + body for body in bodies]
    return MAGIC + section(1, vector(*kinds)) + section(3, vector(*map(number, functions))) + section(10, vector(*code))


def many_values(calls: int, values: int = 64) -> bytes:
    """A function that calls itself so many times with so many parameters and results.

    With 64, which passes for a function of some toolchain: seconds for each 8,000 calls. With 1,000: for each 100.
    """
    kind = b"\x60" + vector(*[I32] * values) + vector(*[I32] * values)
    given = b"".join(b"\x20" + number(index) for index in range(values))
    return module([kind], [0], [b"\0" + given + b"\x10\0" * calls + b"\x0b"])


def nested_loops(depth: int, variables: int) -> bytes:
    """Loops in loops, and so many variables that the innermost changes."""
    changed = b"".join(_increment(index) for index in range(variables))
    body = b"\x03\x40" * depth + changed + b"\x0b" * depth + b"\x0b"
    return module([b"\x60\0\0"], [0], [b"\1" + number(variables) + I32 + body])


def many_merges(branches: int, variables: int = 100) -> bytes:
    """One branch after another, each of which leaves other values in the variables."""
    merge = b"\x20\0\x04\x40%b\x05%b\x0b"
    cycle = [merge % (_increment(index), _increment((index + 1) % variables)) for index in range(variables)]
    body = b"".join(cycle) * (branches // variables)
    return module([b"\x60\0\0"], [0], [b"\1" + number(variables) + I32 + body + b"\x0b"])


def many_functions(count: int) -> bytes:
    """Functions that do nothing."""
    return module([b"\x60\0\0"], [0] * count, [b"\0\x0b"] * count)


def _increment(index: int) -> bytes:
    return b"\x20" + number(index) + b"\x41\1\x6a\x21" + number(index)
