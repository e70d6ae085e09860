"""`Opened`: the uses of a project's plugins as actions that are open, each opened when it is first needed."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wardian.bindings.prepared import Prepared, hinted, judge, prepare, together
from wardian.config.use import Use
from wardian.errors import PermissionDenied, WardianError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from wardian.bindings.descriptions import Descriptions
    from wardian.bindings.meaning import Meaning
    from wardian.config.project import Project
    from wardian.config.secrets import Secrets
    from wardian.document.problem import Problems
    from wardian.package.manifest import Symbol
    from wardian.plugins.action import Action
    from wardian.plugins.plugin import Plugin
    from wardian.plugins.runtime import Runtime


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
        use = meaning.use or Use(plugin=meaning.plugin, symbol=meaning.symbol)

        def choose(symbols: Sequence[Symbol], _: Problems) -> Symbol | None:
            fitting = [each for each in symbols if each.kind == meaning.kind and meaning.symbol in (None, each.name)]
            return fitting[0] if len(fitting) == 1 else None

        prepared = prepare(meaning.name, use, meaning.plugin, choose, self.project, self.secrets, self.descriptions)
        loaded = self._load(meaning, use, prepared)
        try:
            action = loaded.action(prepared.config, symbol=meaning.symbol, section=use.section, instance=meaning.name)
            judge(meaning.name, action, self.secrets, warn)
        except BaseException:
            loaded.close()
            raise
        return action

    def _load(self, meaning: Meaning, use: Use, prepared: Prepared) -> Plugin:
        # A call of an action has an instance to itself, so that nothing but granted state is left of it for the next
        # one, and so that an action can be called while it runs; unless the project wants a number of instances.
        fresh = use.fresh or "instances" not in use.at.node.value
        try:
            return self.runtime.load(
                prepared.path, limits=prepared.limits, grants=prepared.grants, name=meaning.plugin,
                instance=meaning.name, instances=use.instances, fresh=fresh,
                actions=self.actions if prepared.grants.actions else {}, files=prepared.files, egress=prepared.egress,
            )  # fmt: skip
        except PermissionDenied as error:
            raise hinted(error, meaning.plugin) from None
