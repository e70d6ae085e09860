"""What a trial of a pipeline came to, as people read it and as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from wardian.cli import json_text
from wardian.cli.diagnostics import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wardian.engine.trial import Passed, Tried


def lines(tried: Tried) -> Iterator[str]:
    """What each step made and each sink would have got, a line for each record; each line is printable."""
    for each in tried.members:
        yield _head(each)
        yield from (f"  {json_text.write(value)}" for value in each.made)
    if tried.dead:
        yield click.style("given up", bold=True)
    for letter in tried.dead:
        where = f"{letter.member}: " if letter.member else ""
        yield f"  {where}[{letter.kind or letter.code}] {shown(letter.message)}"
        yield f"    {json_text.write(letter.value)}"


def as_dict(tried: Tried) -> dict[str, Any]:
    """The same as plain data."""
    members = [
        {"name": each.member.name, "role": each.member.role, "kind": each.member.kind, "in": each.given,
            "records": list(each.made)}
        for each in tried.members
    ]  # fmt: skip
    dead = [
        {"member": each.member, "kind": each.kind, "code": each.code, "message": each.message, "record": each.value}
        for each in tried.dead
    ]
    return {"pipeline": tried.pipeline, "members": members, "dead": dead}


def _head(passed: Passed) -> str:
    member, count = passed.member, len(passed.made)
    told = f"{count:,} in" if member.role == "sink" else f"{passed.given:,} in, {count:,} out"
    taken = [each for each in member.paths if each is not None]
    path = f" of {', '.join(taken)}" if taken else ""
    return f"{click.style(member.name, bold=True)}  {member.kind}{path}: {told}"
