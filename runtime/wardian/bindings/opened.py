"""`Opened`: the uses of a project's plugins that are open, each opened when it is first needed."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wardian.abi.contract import capability_of
from wardian.bindings import files, requests
from wardian.config import permissions, symbols
from wardian.config.use import Use
from wardian.document.problem import Problems
from wardian.errors import ConfigError, PermissionDenied, WardianError
from wardian.policy import Grants, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from wardian.bindings.descriptions import Descriptions
    from wardian.bindings.meaning import Meaning
    from wardian.config.project import Project
    from wardian.config.secrets import Secrets
    from wardian.plugins.action import Action
    from wardian.plugins.plugin import Plugin
    from wardian.plugins.runtime import Runtime

_REMARKS = 50


@dataclass(slots=True)
class Opened:
    """What has been opened so far; the runtime owns it and closes it.

    Threads: any number.

    Attributes:
        project: the configuration.
        secrets: those that it asks for.
        runtime: loads the plugins.
        descriptions: what the plugins say of themselves.
        actions: what a plugin that may call actions can call, by name.
    """

    project: Project
    secrets: Secrets
    runtime: Runtime
    descriptions: Descriptions
    actions: Mapping[str, Callable[[object], object]]
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _open: dict[str, Action] = field(default_factory=dict)

    def action(self, meaning: Meaning) -> Action:
        """The action, opened if it is not open yet. Raises as `open`."""
        self.open([meaning], lambda _: None)
        return self._open[meaning.name]

    def open(self, meanings: Iterable[Meaning], warn: Callable[[str], object]) -> None:
        """Open all of these that are not open yet, or none; `warn` is told what plugins find unwise.

        Each plugin is loaded with no more than the project grants it, its configuration is checked by its own schema
        and then by itself, before any of them is called.

        Raises:
            WardianError: as `Runtime.load`, where one thing is wrong.
            ConfigError: where several are; `problems` has all of them.
        """
        with self._lock:
            opened: dict[str, Action] = {}
            wrong: list[WardianError] = []
            for meaning in meanings:
                if meaning.name in self._open or meaning.name in opened:
                    continue
                try:
                    opened[meaning.name] = self._one(meaning, warn)
                except WardianError as error:
                    wrong.append(self.secrets.masker.mask_error(error))
            if wrong:
                for action in opened.values():
                    action.close()
                raise together("plugins cannot be opened", wrong)
            self._open |= opened

    def _one(self, meaning: Meaning, warn: Callable[[str], object]) -> Action:
        problems = Problems()
        plugin = self.project.plugins[meaning.plugin]
        use = meaning.use or Use(plugin=meaning.plugin, symbol=meaning.symbol)
        node, path = use.at.node, use.at.path
        limits = permissions.narrowed(plugin.limits, use.limits, node.at(["limits"]), f"{path}.limits", problems)
        grants = permissions.fewer(plugin.grants, use.grants, node.at(["grants"]), f"{path}.grants", problems)
        config = self._config(meaning, use, problems)
        problems.raise_any("the configuration of a plugin is wrong", where=meaning.name)
        loaded = self._load(meaning, use, Limits(**limits), Grants(**grants))
        try:
            action = loaded.action(config, symbol=meaning.symbol, section=use.section, instance=meaning.name)
            self._check(meaning, action, warn)
        except BaseException:
            loaded.close()
            raise
        return action

    def _load(self, meaning: Meaning, use: Use, limits: Limits, grants: Grants) -> Plugin:
        plugin = self.project.plugins[meaning.plugin]
        # A call of an action has an instance to itself, so that nothing but granted state is left of it for the next
        # one, and so that an action can be called while it runs; unless the project wants a number of instances.
        fresh = use.fresh or "instances" not in use.at.node.value
        try:
            return self.runtime.load(
                plugin.source_path, limits=limits, grants=grants, name=meaning.plugin, instance=meaning.name,
                instances=use.instances, fresh=fresh, actions=self.actions if grants.actions else {},
                files=files.read(plugin.files_path) if plugin.files_path and grants.package else {},
                egress=requests.egress(plugin, self.secrets) if grants.http else None,
            )  # fmt: skip
        except PermissionDenied as error:
            error.hint = _granting(error.imports, meaning.plugin)
            raise

    def _config(self, meaning: Meaning, use: Use, problems: Problems) -> list[dict[str, Any]]:
        """The layers of the use, with secrets put in, once they fit the schema of the symbol."""
        layers = [self.secrets.filled(layer) for layer in use.config]
        manifest = self.descriptions.manifest(meaning.plugin)
        fitting = [] if manifest is None else [
            each for each in manifest.of_kind(meaning.kind) if meaning.symbol in (None, each.name)
        ]  # fmt: skip
        if len(fitting) == 1:
            symbols.configured(use, fitting[0], layers, f"the plugin `{meaning.plugin}`", problems)
        return [layer.plain() for layer in layers]

    def _check(self, meaning: Meaning, action: Action, warn: Callable[[str], object]) -> None:
        """Have the plugin judge its configuration."""
        remarks = action.check()
        wrong = [said for level, said in remarks if level == "error"]
        for level, said in remarks:
            if level != "error":
                warn(self.secrets.masker.mask(f"{meaning.name}: {level}: {said}"))
        if wrong:
            raise ConfigError(
                f"the plugin refuses the configuration of `{meaning.name}`", problems=wrong[:_REMARKS],
                where=meaning.name,
            )  # fmt: skip


def _granting(imports: Iterable[str], plugin: str) -> str:
    """How to grant what these imports need; functions of the application are none that a file can offer."""
    needed = dict.fromkeys(str(capability_of(*each.partition(".")[::2])) for each in imports)
    offered = [f"`{each}`" for each in needed if not each.startswith("app.")]
    functions = [f"`{each}`" for each in needed if each.startswith("app.")]
    hints = (
        [f"add {', '.join(offered)} to `plugins.{plugin}.grants` if you trust the plugin with it"] if offered else []
    )
    if functions:
        hints.append(f"{', '.join(functions)} is a function of a program, which no file can offer")
    return "; ".join(hints)


def together(message: str, wrong: list[WardianError]) -> WardianError:
    """All of these as one error: the only one as it is, of several one with all their texts."""
    if len(wrong) == 1:
        return wrong[0]
    problems: list[str] = []
    for error in wrong:
        if isinstance(error, ConfigError) and error.problems:
            problems += error.problems
        else:
            problems.append(" ".join(str(error).split("\n")))
    return ConfigError(message, problems=problems)
