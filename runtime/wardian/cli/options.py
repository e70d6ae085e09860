"""Options that hold more than one word: `--set a.b=1`, `--limit memory=16MiB`, `--grant http=HOST:PORT`."""

from __future__ import annotations

import dataclasses
import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wardian.cli import json_text
from wardian.cli.usage import Usage
from wardian.errors import ConfigError, WardianError
from wardian.policy import Grants, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import click

LIMITS: Final = tuple(field.name for field in dataclasses.fields(Limits))
# A package's files cannot be given on the command line, so there is nothing that this grant would show.
GRANTS: Final = tuple(field.name for field in dataclasses.fields(Grants) if field.name != "package")


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
        held[keys[-1]] = _value(text)
    return made


def _value(text: str) -> Any:  # noqa: ANN401
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
