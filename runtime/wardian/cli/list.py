"""`wardian list`: the plugins of files and folders by their kinds, as they describe themselves; none of them runs."""

from __future__ import annotations

import dataclasses
import sys
from typing import TYPE_CHECKING

import click

from wardian.cli import json_text, terminal
from wardian.cli.diagnostics import shown
from wardian.cli.exit_codes import OK, exit_code
from wardian.errors import PackageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wardian.plugins.listing import Item, Listing, Parameter


@click.command("list", short_help="List plugins by kind; runs none of them.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(), metavar="PATH…")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
def list_(*, paths: Sequence[str], as_json: bool) -> int:
    """List the plugins in PATH…, modules or folders of them, by kind: name, package, description, configuration.

    Each is compiled, which proves it valid, but none runs. One that is broken is listed with what is wrong with it, as
    are two packages that have one name and version and are not the same; the exit code is then 3.
    """
    from wardian.cli.interruption import interruptible  # noqa: PLC0415 - the runtime is loaded when it is needed
    from wardian.plugins import listing  # noqa: PLC0415
    from wardian.plugins.runtime import Runtime  # noqa: PLC0415

    def work() -> Listing:
        with Runtime() as runtime:
            return listing.listing(runtime, paths)

    found = interruptible(work, lambda: None)
    if as_json:
        terminal.give(json_text.write(as_dict(found), indent=2 if sys.stdout.isatty() else None))
    else:
        terminal.give("\n".join(lines(found)) or "there are no plugins")
    return exit_code(PackageError("")) if found.broken or found.conflicts else OK


def as_dict(found: Listing) -> dict[str, object]:
    """The listing as plain data."""
    items = []
    for item in found.items:
        parameters = [_parameter(each) for each in item.parameters]
        items.append(dataclasses.asdict(item) | {"parameters": parameters, "sections": list(item.sections)})
    broken = [dataclasses.asdict(each) for each in found.broken]
    return {"plugins": items, "broken": broken, "conflicts": list(found.conflicts)}


def lines(found: Listing) -> Iterator[str]:
    """The listing for people; all texts are printable and bounded."""
    kind = None
    for item in found.items:
        if item.kind != kind:
            if kind is not None:
                yield ""
            kind = item.kind
            yield click.style(kind.capitalize() or "Of no kind", bold=True)
        yield from _item(item)
    for title, told in (
        ("Broken", [f"{shown(each.file)}: {shown(each.error)}" for each in found.broken]),
        ("Conflicts", list(map(shown, found.conflicts))),
    ):
        if told:
            yield ""
            yield click.style(title, bold=True, fg="red")
            yield from (f"  {line}" for line in told)


def _item(item: Item) -> Iterator[str]:
    package = f"  {shown(item.package)} {shown(item.version)}" if item.package else ""
    yield f"  {click.style(shown(item.name), bold=True)}{package}"
    yield f"    {shown(item.description) or 'no description'}"
    for each in item.parameters:
        default = f" = {shown(json_text.write(each.default))}" if each.has_default else ""
        said = f"  {shown(each.description)}" if each.description else ""
        yield f"    {shown(each.name)}{default}{said}"
    if item.sections:
        yield f"    sections: {shown(', '.join(item.sections))}"
    yield f"    {shown(item.file)}"


def _parameter(each: Parameter) -> dict[str, object]:
    default = {"default": each.default} if each.has_default else {}
    return {"name": each.name, "description": each.description} | default
