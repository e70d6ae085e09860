"""A look at the heads of an encoded item, which builds nothing: how many there are, what they start, how they nest.

A head says what follows and how long it is, so heads can be counted in one pass without knowing what holds what. That
the bytes make one well-formed item is left to the decoder.
"""

from __future__ import annotations

from typing import Final

from wardian.abi.bounds import LEAST_INT, Bounds, CodecError, bad_cbor, too_many_items

_BREAK: Final = 0xFF
_INDEFINITE: Final = frozenset({0x5F, 0x7F, 0x9F, 0xBF})
_TAG: Final = 6  # the major type of a tag
_EIGHT_BYTES: Final = 0x1B  # of the head's low five bits: the argument takes eight bytes


def _step_of(head: int) -> int:
    """How many bytes to the next head, or 0 for a head that needs a closer look."""
    major, low = head >> 5, head & 0x1F
    argument = {0x18: 1, 0x19: 2, 0x1A: 4, _EIGHT_BYTES: 8}.get(low, 0)
    if head == 0x3B or low in range(0x1C, 0x20):  # may be below -2^63; reserved, or of indefinite length
        return 0
    if major in (0, 1, 4, 5):
        return 1 + argument
    if major in (2, 3):
        return 0 if argument else 1 + low
    if head in (0xF4, 0xF5, 0xF6, 0xF9, 0xFA, 0xFB):  # false, true, null, floats
        return 1 + argument
    return 0


_STEPS: Final = tuple(_step_of(head) for head in range(256))  # is indexed faster than bytes are

# What the content of each tag may start with. Content is looked at one head ahead, so tags cannot nest.
_CONTENTS: Final = {
    0: frozenset(range(0x60, 0x80)),
    1: frozenset({*range(0x1C), *range(0x20, 0x3C), 0xF9, 0xFA, 0xFB}),
    2: frozenset(range(0x40, 0x60)),
    3: frozenset(range(0x40, 0x60)),
}


def past_common(data: bytes, position: int) -> int:
    """Where the first head from there on stands that `_STEPS` leaves open; beyond the end where there is none.

    A short look before `scan`, at half its price a head: most uncommon bytes are within texts and numbers. Data whose
    last byte is such a head spares it the error that ends it otherwise.
    """
    steps = _STEPS
    try:
        while step := steps[data[position]]:
            position += step
    except IndexError:  # it costs nothing where it is not raised, as `suppress` would
        pass
    return position


def scan(data: bytes, bounds: Bounds, position: int = 0) -> bool:
    """Whether the item has tags; that it has no more heads than allowed, and none of a kind that the ABI refuses.

    Only what stands from `position` on is looked at, and counted.

    Raises:
        CodecError: too many items; an unknown tag, undefined, a simple value, an integer below -2^63.
    """
    steps, left, size = _STEPS, bounds.items, len(data)
    opened = 0
    tagged = False
    while position < size:
        head = data[position]
        step = steps[head]
        if step:
            position += step
            left -= 1
        elif head == _BREAK:
            # Not counted, so there must be no more of them than of what they end: else they could be looked at forever.
            position += 1
            opened -= 1
            if opened < 0:
                raise bad_cbor("a break ends nothing")
            continue
        else:
            opened += head in _INDEFINITE
            tagged = tagged or head >> 5 == _TAG
            position += _closer(data, position)
            left -= 1
        if left < 0:
            raise too_many_items(bounds)
    return tagged


def _closer(data: bytes, position: int) -> int:
    """How many bytes to the next head, for the heads that `_STEPS` leaves open."""
    head = data[position]
    if head in _INDEFINITE:
        return 1
    if 0x40 <= head < 0x7C:  # bytes and text with a length of their own
        width, length = _argument(data, position)
        return 1 + width + length
    if head == 0x3B:
        if -1 - int.from_bytes(data[position + 1 : position + 9], "big") < LEAST_INT:
            raise bad_cbor("an integer below -2^63")
        return 9
    if 0xC0 <= head < 0xDC:
        return _tag(data, position)
    if head == 0xF7:
        raise bad_cbor("undefined is no value here")
    if 0xE0 <= head <= 0xF8:
        raise bad_cbor("only the simple values false, true and null are known")
    raise bad_cbor(f"a reserved head, {head:#04x}")


def _tag(data: bytes, position: int) -> int:
    width, tag = _argument(data, position)
    allowed = _CONTENTS.get(tag)
    if allowed is None:
        raise bad_cbor(f"tag {tag}: only the tags 0 to 3 are known")
    content = data[position + 1 + width : position + 2 + width]
    if content and content[0] not in allowed:
        raise bad_cbor(f"tag {tag} holds something of another type")
    return 1 + width


def _argument(data: bytes, position: int) -> tuple[int, int]:
    """How many bytes the head's argument takes, and the argument; what is cut off counts as absent."""
    low = data[position] & 0x1F
    if low < 0x18:
        return 0, low
    if low > _EIGHT_BYTES:
        raise bad_cbor(f"a reserved head, {data[position]:#04x}")
    width = 1 << (low - 0x18)
    return width, int.from_bytes(data[position + 1 : position + 1 + width], "big")


def nests_deeper(data: bytes, depth: int) -> bool:
    """Whether arrays and maps nest deeper than that, as far as the bytes make sense."""
    try:
        return _nests_deeper(data, depth)
    except CodecError:
        return False  # a head makes no sense; up to there it was flat enough


def _nests_deeper(data: bytes, depth: int) -> bool:
    # For each open container: how many heads it still takes, or -1 until its break.
    open_ones: list[int] = []
    position, size = 0, len(data)
    while position < size:
        head = data[position]
        if head >> 5 == _TAG:
            # A tag and its content are one item of what holds them.
            position += 1 + _argument(data, position)[0]
            continue
        if head == _BREAK:
            if not open_ones or open_ones.pop() >= 0:
                return False
            position += 1
        else:
            if open_ones and open_ones[-1] > 0:
                open_ones[-1] -= 1
            held, step = _holds(data, position)
            position += step
            if held is not None:
                open_ones.append(held)
                if len(open_ones) > depth:
                    return True
        while open_ones and open_ones[-1] == 0:
            open_ones.pop()
    return False


def _holds(data: bytes, position: int) -> tuple[int | None, int]:
    """How many heads the one at this position takes in, -1 until a break, None for a leaf; and the way to the next."""
    head = data[position]
    major = head >> 5
    if head in _INDEFINITE:
        return -1, 1
    if major not in (4, 5):
        return None, _STEPS[head] or _closer(data, position)
    width, argument = _argument(data, position)
    return argument * (major - 3), 1 + width  # a map takes two for each of its pairs
