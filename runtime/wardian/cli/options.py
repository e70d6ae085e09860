"""Options that several commands share, and what those that hold more than one word mean: `--set a.b=1` and the like."""

from __future__ import annotations

import dataclasses
import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from wardian.cli import json_text
from wardian.cli.log_lines import LEVELS
from wardian.cli.usage import Usage
from wardian.errors import ConfigError, WardianError
from wardian.policy import Grants, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wardian.package.manifest import Symbol

    Command = TypeVar("Command", bound=Callable[..., Any] | click.Command)

LIMITS: Final = tuple(field.name for field in dataclasses.fields(Limits))
# A package's files cannot be given on the command line, so there is nothing that this grant would show.
GRANTS: Final = tuple(field.name for field in dataclasses.fields(Grants) if field.name != "package")


def of_a_plugin(command: Command) -> Command:
    """Give a command the plugin that it loads, and how."""
    for add in reversed(_LOADING):
        command = add(command)
    return command


def of_a_use(command: Command) -> Command:
    """Give a command the plugin that it uses as a kind, and how."""
    for add in reversed(_USING):
        command = add(command)
    return of_a_plugin(command)


def complete_limit(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The limits that begin so, for the shell."""
    return [f"{name}=" for name in LIMITS if name.startswith(incomplete)]


def complete_grant(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The grants that begin so, for the shell."""
    return ["http=" if name == "http" else name for name in GRANTS if name.startswith(incomplete)]


def complete_entry(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The entry points of the plugin that stands before it, for the shell; none of it is run or compiled."""
    from wardian.plugins.inspection import callable_names  # noqa: PLC0415 - for the shell alone

    try:
        path = Path(ctx.params["plugin"]).expanduser()
        names = callable_names(path.read_bytes()) if path.stat().st_size <= Limits().module else []
    except (OSError, KeyError, TypeError, WardianError):
        return []
    return [name for name in names if name.startswith(incomplete) and name.isprintable()]


def complete_symbol(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The symbols of the plugin that stands before it, for the shell; none of it is run or compiled."""
    return [each.name for each in _symbols(ctx) if each.name.startswith(incomplete)]


def complete_section(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The sections of configuration of those symbols, likewise."""
    named = ctx.params.get("symbol")
    sections = {name: None for each in _symbols(ctx) if named in (None, each.name) for name in each.sections}
    return [name for name in sections if name.startswith(incomplete) and name.isprintable()]


def _symbols(ctx: click.Context) -> list[Symbol]:
    from wardian.plugins.description import read  # noqa: PLC0415 - for the shell alone

    # An option without its value, which is what is completed here, keeps click from seeing which argument is which.
    named = ctx.params.get("plugin") or next(iter(ctx.args), "")
    try:
        path = Path(named).expanduser()
        manifest = read(path.read_bytes()) if path.stat().st_size <= Limits().module else None
    except (OSError, WardianError):
        return []
    kind = _KINDS.get(ctx.command.name or "", ctx.command.name)
    return [] if manifest is None else [each for each in manifest.symbols if each.kind == kind]


def complete_task(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The tasks of the file that is meant, for the shell; nothing is run."""
    from wardian.cli.project_file import find  # noqa: PLC0415 - for the shell alone
    from wardian.config import loading  # noqa: PLC0415

    try:
        names = loading.load(find(ctx.params.get("file"))).project.tasks
    except (OSError, Usage, WardianError):
        return []
    return [name for name in names if name.startswith(incomplete)]


def limits(given: Sequence[str]) -> Limits:
    """The limits of `name=value` texts; of a name given twice the last one counts.

    Raises:
        Usage: a name or a value is wrong; all wrong values are named together.
    """
    chosen: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if name not in LIMITS:
            raise Usage(f"there is no limit `{name}`", where=f"--limit {each}", hint=_similar(name, LIMITS))
        if not equals or not value.strip():
            raise Usage("a limit has a value", where=f"--limit {each}", hint="such as `--limit memory=16MiB`")
        chosen[name] = None if (name, value) == ("fuel", "none") else value
    try:
        return Limits(**chosen)
    except ConfigError as error:
        raise Usage("; ".join(error.problems), where="--limit", hint="`wardian limits` lists what each takes") from None


def grants(given: Sequence[str]) -> Grants:
    """The grants of names and `http=HOST:PORT` texts.

    Raises:
        Usage: a name or a host is wrong.
    """
    chosen: dict[str, Any] = {}
    hosts: list[str] = []
    for each in given:
        name, equals, value = each.partition("=")
        if name not in GRANTS:
            raise Usage(f"there is no grant `{name}`", where=f"--grant {each}", hint=_similar(name, GRANTS))
        if name == "http":
            if not value:
                raise Usage("name the host", where=f"--grant {each}", hint="such as `--grant http=api.example.com:443`")
            hosts.append(value)
        elif equals:
            raise Usage(f"`{name}` takes no value", where=f"--grant {each}", hint=f"write `--grant {name}`")
        else:
            chosen[name] = True
    try:
        return Grants(**chosen, http=hosts)
    except ConfigError as error:
        raise Usage("; ".join(error.problems), where="--grant", hint="such as `http=api.example.com:443`") from None


def settings(base: Mapping[str, Any], given: Sequence[str]) -> dict[str, Any]:
    """The configuration with each `a.b=value` set in it; a value is JSON where it parses, else text.

    Raises:
        Usage: a text is of another form, or leads through what is no map.
    """
    made = _copy(base)
    for each in given:
        path, equals, text = each.partition("=")
        keys = path.split(".")
        if not equals or not all(keys):
            raise Usage(
                "expected `key=value` or `a.b=value`", where=f"--set {each}", hint="such as `--set min_length=3`"
            )
        held = made
        for at, key in enumerate(keys[:-1], 1):
            held = held.setdefault(key, {})
            if not isinstance(held, dict):
                raise Usage(
                    f"`{'.'.join(keys[:at])}` is already set to {json_text.write(held)}, which holds no keys",
                    where=f"--set {each}", hint="set the whole of it, or another key",
                )  # fmt: skip
        held[keys[-1]] = json_or_text(text)
    return made


def variables(given: Sequence[str]) -> dict[str, Any]:
    """The variables of `name=value` texts; a value is JSON where it parses, else text.

    A number that would be written in another way stays a text: the version `1.10` is not 1.1.

    Raises:
        Usage: a text is of another form.
    """
    made: dict[str, Any] = {}
    for each in given:
        name, equals, text = each.partition("=")
        if not equals or not name:
            raise Usage("expected `name=value`", where=f"--var {each}", hint="such as `--var user=Ada`")
        value = json_or_text(text)
        made[name] = text if isinstance(value, (int, float)) and json_text.write(value) != text else value
    return made


def json_or_text(text: str) -> Any:  # noqa: ANN401
    """The value that an argument means: JSON where it parses, else the text."""
    try:
        return json_text.parse(text)
    except Usage:
        return text


def _copy(base: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _copy(value) if isinstance(value, dict) else value for key, value in base.items()}


def _similar(name: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1)
    start = f"did you mean `{near[0]}`? " if near else ""
    return f"{start}there are: {', '.join(names)}"


_KINDS: Final = {"process": "processor", "aggregate": "aggregator"}  # commands that are not named as their kind
INPUT: Final = click.argument("source", required=False, default="-", metavar="[@FILE | -]")
_LOADING: Final = (
    click.argument("plugin", type=click.Path()),
    click.option("--config", type=click.Path(), metavar="FILE", help="Configuration of the plugin, YAML or JSON."),
    click.option(
        "--set", "set_", multiple=True, metavar="KEY=VALUE", help="Set `a.b` of the configuration; JSON or text."
    ),
    click.option(
        "--limit", multiple=True, metavar="NAME=VALUE", shell_complete=complete_limit,
        help="Such as memory=16MiB; see `wardian limits`.",
    ),
    click.option(
        "--grant", multiple=True, metavar="NAME", shell_complete=complete_grant,
        help="Allow a capability: state, clock, http=HOST:PORT, …",
    ),
    click.option("--var", multiple=True, metavar="NAME=VALUE", help="Set a variable of the job; JSON or text."),
    click.option("--state", type=click.Path(), metavar="PATH", help="State file; `:memory:` to forget it afterwards."),
    click.option("--name", metavar="NAME", help="Name of the plugin, for its state; by default the file's name."),
    click.option(
        "--instance", metavar="NAME", default="default", show_default=True, help="Name of this use of it."
    ),
    click.option("-q", "--quiet", is_flag=True, help="Hide the plugin's log lines."),
    click.option(
        "--log-level", type=click.Choice(LEVELS), default="trace", show_default=True, help="Hide what is below."
    ),
)  # fmt: skip
_USING: Final = (
    click.option(
        "--symbol", metavar="NAME", shell_complete=complete_symbol, help="Which of the package's symbols to use."
    ),
    click.option(
        "--section", metavar="NAME", shell_complete=complete_section,
        help="One of the package's sections of configuration.",
    ),
)  # fmt: skip
