"""`wardian inspect`: what a plugin is and what it asks for, without running it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from wardian.cli import json_text, terminal
from wardian.quantity import format_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wardian.package.manifest import Manifest
    from wardian.plugins.inspection import Inspection, Need, Size

Rows = list[tuple[str, ...]]

_PAGE: Final = 2**16
_ROWS: Final = 200  # of one table; a hostile module may have any number of names
_WITHOUT: Final = {
    "clock": "without it time stands still",
    "random": "without it the bytes can be foreseen",
    "package": "without it there are no files",
}


@click.command("inspect", short_help="What a plugin is and asks for; runs none of it.")
@click.argument("plugin", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
def inspect(*, plugin: str, as_json: bool) -> None:
    """Say what PLUGIN, a .wasm or .wat file, is: entry points, permissions that it asks for, memory, sections.

    It is compiled, which proves it valid, but none of it runs.
    """
    from wardian.cli.interruption import interruptible  # noqa: PLC0415 - the runtime is loaded when it is needed
    from wardian.plugins import inspection  # noqa: PLC0415
    from wardian.plugins.runtime import Runtime  # noqa: PLC0415

    def work() -> Inspection:
        with Runtime() as runtime:
            return inspection.inspect(runtime, plugin)

    found = interruptible(work, lambda: None)
    if as_json:
        indent = 2 if sys.stdout.isatty() else None
        terminal.give(json_text.write(found.as_dict(), indent=indent))
    else:
        _show(found)


def rows(found: Inspection) -> Iterator[tuple[str, Rows]]:
    """The tables for people: the title of each, and its rows; all texts are printable."""
    yield (
        "",
        [
            ("file", found.where),
            ("size", f"{found.size:,} bytes"),
            ("sha256", found.digest),
            ("kind", f"{found.transport or 'no plugin'}: {found.reason}"),
            *((("serves", ", ".join(found.kinds)),) if found.kinds else ()),
            *((("lifecycle", ", ".join(found.lifecycle)),) if found.lifecycle else ()),
            ("memory", "; ".join(map(_memory, found.memories)) or "none of its own"),
            *((("tables", "; ".join(map(_table, found.tables))),) if found.tables else ()),
            *((("start", "code runs as soon as there is an instance"),) if found.starts else ()),
            *(("note", note) for note in found.notes),
        ],
    )
    if found.transport == "command":
        yield "entry points", [("any name", "the program decides itself")]
    elif found.entries:
        yield "entry points", [(entry.name, ", ".join(entry.kinds)) for entry in found.entries]
    if found.imports:
        yield "imports", [(need.name, need.type, permission(need)) for need in found.imports]
    yield "sections", [(section.name, f"{section.size:,} bytes") for section in found.sections]
    if found.package_fault:
        yield "package", [("broken", found.package_fault)]
    elif found.package is not None:
        yield "package", list(_package(found.package))


def permission(need: Need) -> str:
    """What has to be granted for an import, as an option of `wardian call`."""
    if need.access == "granted":
        return f"needs --grant {need.capability}{'=HOST:PORT' if need.capability == 'http' else ''}"
    if need.access == "function":
        return "needs a function of the application, from a Python program"
    if need.access == "refused":
        return "nobody offers this: the plugin cannot be loaded"
    if need.access == "optional":
        return f"asks for {need.capability}; {_WITHOUT[need.capability or '']}"
    return "always there"


def _memory(size: Size) -> str:
    most = "without a maximum of its own" if size.most is None else f"at most {_pages(size.most)}"
    return f"{_pages(size.least)}, {most}"


def _pages(count: int) -> str:
    return f"{format_size(count * _PAGE)} ({count} page{'s' if count != 1 else ''})"


def _table(size: Size) -> str:
    most = "without a maximum" if size.most is None else f"at most {size.most}"
    return f"{size.least} elements, {most}"


def _package(package: Manifest) -> Iterator[tuple[str, str]]:
    """What the description says; wishes are marked as such."""
    yield "name", f"{package.name} {package.version}"
    if package.description:
        yield "description", package.description
    for symbol in package.symbols:
        sections = f", configuration {', '.join(symbol.sections)}" if symbol.sections else ""
        yield "symbol", f"{symbol.kind} {symbol.name}{' (aggregate)' if symbol.aggregate else ''}{sections}"
    for name, reason in package.capabilities.items():
        yield "wishes for", f"{name}: {reason}"
    for name, value in package.limits.items():
        yield "wishes for", f"the limit {name}={value}"
    for name, value in (("build", package.build), *package.extra.items()):
        if value:
            yield name, value if isinstance(value, str) else json_text.write(value)


def _show(found: Inspection) -> None:
    """Print the tables on standard output."""
    from rich.table import Table  # noqa: PLC0415 - only where a person looks
    from rich.text import Text  # noqa: PLC0415

    from wardian.sandbox.faults import printable  # noqa: PLC0415

    shown: Callable[[str], str] = lambda text: printable(text, 300)  # noqa: E731
    for title, lines in rows(found):
        if title:
            terminal.give("")
            terminal.give(click.style(title, bold=True, underline=True))
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        for at in range(max(map(len, lines), default=1)):
            table.add_column(style="bold" if at == 0 else "", overflow="fold")
        for line in lines[:_ROWS]:
            table.add_row(*(Text(shown(cell)) for cell in line))
        terminal.show(table, sys.stdout)
        if len(lines) > _ROWS:
            terminal.give(f"and {len(lines) - _ROWS} more; `--json` has all")
