"""What the name of an action means: a use of its own, or a symbol of a plugin."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wardian.errors import ConfigError, PackageError

if TYPE_CHECKING:
    from wardian.bindings.descriptions import Descriptions
    from wardian.config.plugin import Plugin
    from wardian.config.project import Project
    from wardian.config.use import Use

_LISTED = 20


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name stands for.

    Attributes:
        name: the name itself, which is that of the use as well.
        kind: the kind of symbol, such as `action`.
        plugin: its plugin, by the name in the project.
        symbol: the symbol's name, or None where there is one of the kind.
        use: the use that the project has under this name, or None for a symbol that is named as it is.
    """

    name: str
    kind: str
    plugin: str
    symbol: str | None
    use: Use | None = None


def action(name: str, project: Project, descriptions: Descriptions) -> Meaning:
    """What the name of an action means.

    Raises:
        ConfigError: there is no such action, it is disabled, or it could mean two.
        PackageError: the plugin that it names cannot be read.
    """
    plugin, colon, symbol = name.partition(":")
    if not colon:
        return _use(name, project, descriptions)
    offering = descriptions.offering(plugin, symbol)
    if len(offering) > 1:
        both = " and ".join(f"`{each}`" for each in offering)
        raise ConfigError(
            f"`{name}` could mean two actions: the plugins {both} both offer it",
            hint="disable one of them, or give the action a name of its own in `actions`",
        )
    if not offering:
        raise _nowhere(name, plugin, project, descriptions)
    manifest = descriptions.manifest(offering[0])
    found = next(each for each in (manifest.symbols if manifest else ()) if each.name == symbol)
    if found.kind != "action":
        raise ConfigError(f"`{name}` is a {found.kind} and no action", hint=there_are(project, descriptions))
    return Meaning(name, "action", offering[0], symbol)


def names(project: Project, descriptions: Descriptions) -> list[str]:
    """The names of all actions that can be called."""
    uses = [name for name, use in project.actions.items() if use.enabled]
    return [*uses, *descriptions.names("action")]


def there_are(project: Project, descriptions: Descriptions, near: str = "") -> str:
    """A hint at the actions that there are."""
    known = names(project, descriptions)
    close = difflib.get_close_matches(near, known, n=1)
    start = f"did you mean `{close[0]}`? " if close else ""
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return f"{start}there are: {', '.join(known[:_LISTED]) or 'none'}{more}"


def _use(name: str, project: Project, descriptions: Descriptions) -> Meaning:
    use = project.actions.get(name)
    if use is None:
        raise ConfigError(f"no such action `{name}`", hint=there_are(project, descriptions, name))
    if not use.enabled:
        raise ConfigError(f"the action `{name}` is disabled", hint=f"set `actions.{name}.enabled` to true")
    if use.plugin is None:
        raise ConfigError(f"the action `{name}` has no plugin")
    if not project.plugins[use.plugin].enabled:
        raise _disabled(name, use.plugin)
    return Meaning(name, "action", use.plugin, use.symbol, use)


def _nowhere(name: str, plugin: str, project: Project, descriptions: Descriptions) -> ConfigError | PackageError:
    """Why a plugin's action leads nowhere."""
    held: Plugin | None = project.plugins.get(plugin)
    if held is not None and not held.enabled:
        return _disabled(name, plugin)
    if held is not None:
        manifest = descriptions.manifest(plugin)  # raises why it cannot be read
        if manifest is None:
            return PackageError(
                f"no such action `{name}`: the plugin `{plugin}` does not say what it holds", code="no_such_symbol",
                where=str(held.source_path),
                hint="give it a name in `actions`, or build the plugin with a `plugin.yaml`",
            )  # fmt: skip
    return ConfigError(f"no such action `{name}`", hint=there_are(project, descriptions, name))


def _disabled(name: str, plugin: str) -> ConfigError:
    return ConfigError(
        f"the action `{name}` cannot be used: the plugin `{plugin}` is disabled",
        hint=f"set `plugins.{plugin}.enabled` to true",
    )
