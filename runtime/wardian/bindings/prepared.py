"""`Prepared`: a use of a plugin as its project has it, ready to be loaded: limits, grants, layers with secrets in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wardian.abi.contract import capability_of
from wardian.bindings import files, requests
from wardian.config import permissions, symbols
from wardian.document.problem import Problems
from wardian.errors import ConfigError, PermissionDenied, WardianError
from wardian.policy import Grants, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from wardian.bindings.descriptions import Descriptions
    from wardian.config.project import Project
    from wardian.config.secrets import Secrets
    from wardian.config.use import Use
    from wardian.egress.egress import Egress
    from wardian.package.manifest import Symbol
    from wardian.plugins import use as uses

_REMARKS = 50


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a use is loaded with.

    Attributes:
        plugin: its plugin, by the name in the project.
        symbol: what it is a use of, or None where the plugin does not say what it holds.
        path: the module.
        limits: those of the plugin, narrowed by the use.
        grants: likewise.
        config: the layers of the use, with secrets put in; they fit the schema of the symbol.
        files: what it reads as its package.
        egress: how its requests are made.
    """

    plugin: str
    symbol: Symbol | None
    path: Path
    limits: Limits
    grants: Grants
    config: Sequence[Mapping[str, Any]] = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)
    egress: Egress | None


def prepare(
    name: str,
    use: Use,
    plugin_name: str,
    choose: Callable[[Sequence[Symbol], Problems], Symbol | None],
    project: Project,
    secrets: Secrets,
    descriptions: Descriptions,
) -> Prepared:
    """What a use of a plugin is loaded with.

    Args:
        name: what it is called, for errors.
        use: as the project has it.
        plugin_name: its plugin.
        choose: which symbol of a package is meant, or None where that is not known yet.
        project: the configuration.
        secrets: those that the use asks for, at least.
        descriptions: what the plugins say of themselves.

    Raises:
        ConfigError: it is wrong, with every problem.
        PackageError: the plugin cannot be read.
    """
    problems = Problems()
    plugin = project.plugins[plugin_name]
    node, path = use.at.node, use.at.path
    limits = permissions.narrowed(plugin.limits, use.limits, node.at(["limits"]), f"{path}.limits", problems)
    grants = permissions.fewer(plugin.grants, use.grants, node.at(["grants"]), f"{path}.grants", problems)
    layers = [secrets.filled(layer) for layer in use.config]
    manifest = descriptions.manifest(plugin_name)
    symbol = None if manifest is None else choose(manifest.symbols, problems)
    if symbol is not None:
        symbols.configured(use, symbol, layers, f"the plugin `{plugin_name}`", problems)
    problems.raise_any("the configuration of a plugin is wrong", where=name)
    granted = Grants(**grants)
    return Prepared(
        plugin_name,
        symbol,
        plugin.source_path,
        Limits(**limits),
        granted,
        [layer.plain() for layer in layers],
        files.read(plugin.files_path) if plugin.files_path and granted.package else {},
        requests.egress(plugin, secrets) if granted.http else None,
    )


def judge(name: str, use: uses.Use, secrets: Secrets, warn: Callable[[str], object]) -> None:
    """Have the plugin of an open use judge its configuration; `warn` is told what it finds unwise.

    Raises:
        ConfigError: the plugin refuses it, with every reason.
    """
    remarks = use.check()
    wrong = [said for level, said in remarks if level == "error"]
    for level, said in remarks:
        if level != "error":
            warn(secrets.masker.mask(f"{name}: {level}: {said}"))
    if wrong:
        raise ConfigError(f"the plugin refuses the configuration of `{name}`", problems=wrong[:_REMARKS], where=name)


def hinted(error: PermissionDenied, plugin: str) -> PermissionDenied:
    """The error with how to grant what is missing; functions of the application are none that a file can offer."""
    needed = dict.fromkeys(str(capability_of(*each.partition(".")[::2])) for each in error.imports)
    offered = [f"`{each}`" for each in needed if not each.startswith("app.")]
    functions = [f"`{each}`" for each in needed if each.startswith("app.")]
    hints = (
        [f"add {', '.join(offered)} to `plugins.{plugin}.grants` if you trust the plugin with it"] if offered else []
    )
    if functions:
        hints.append(f"{', '.join(functions)} is a function of a program, which no file can offer")
    error.hint = "; ".join(hints)
    return error


def together(message: str, wrong: Iterable[WardianError], where: str = "") -> WardianError:
    """All of these as one error: the only one as it is, of several one with all their texts."""
    every = list(wrong)
    if len(every) == 1:
        return every[0]
    problems: list[str] = []
    for error in every:
        if isinstance(error, ConfigError) and error.problems:
            problems += error.problems
        else:
            problems.append(" ".join(str(error).split("\n")))
    return ConfigError(message, problems=problems, where=where)
