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


def many_values(calls: int, values: int = 1_000) -> bytes:
    """A function that calls itself so many times with so many parameters and results: seconds for each 100 calls."""
    kind = b"\x60" + vector(*[I32] * values) + vector(*[I32] * values)
    given = b"".join(b"\x20" + number(index) for index in range(values))
    return module([kind], [0], [b"\0" + given + b"\x10\0" * calls + b"\x0b"])
