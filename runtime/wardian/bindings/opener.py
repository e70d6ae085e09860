"""`Opener`: opens what a pipeline needs: the sources, steps and sinks that it names, each for it alone."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from wardian.bindings.prepared import Prepared, hinted, judge, prepare, together
from wardian.config import symbols
from wardian.config.layers import merged_layers
from wardian.document.problem import listed, nearest
from wardian.endpoints import opening as endpoints
from wardian.errors import ConfigError, PermissionDenied, WardianError
from wardian.plugins import runtime as runtimes
from wardian.plugins.given import Given
from wardian.plugins.load import Request
from wardian.plugins.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from wardian.bindings.descriptions import Descriptions
    from wardian.config.project import Project
    from wardian.config.secrets import Secrets
    from wardian.config.use import Use
    from wardian.document.node import Node
    from wardian.document.problem import Problems
    from wardian.endpoints.sink import Sink as HostSink
    from wardian.endpoints.source import Source as HostSource
    from wardian.package.manifest import Symbol
    from wardian.plugins.aggregator import Aggregator
    from wardian.plugins.function import Function
    from wardian.plugins.plugin import Plugin
    from wardian.plugins.processor import Processor
    from wardian.plugins.runtime import Runtime
    from wardian.plugins.sink import Sink
    from wardian.plugins.source import Source
    from wardian.timing import Clock

    Step = Processor | Aggregator | Function
    Open = Source | HostSource | Step | Sink | HostSink

Made = TypeVar("Made")


class Standing(Protocol):
    """A member of a pipeline, as a plan has it."""

    @property
    def role(self) -> str:
        """`source`, `step` or `sink`."""

    @property
    def name(self) -> str:
        """Its name in the pipeline."""

    @property
    def use_name(self) -> str:
        """The name of its use in the project."""


@dataclass(slots=True)
class Opener:
    """Opens uses for pipelines; whoever opens one closes it, and the runtime what is left of plugins.

    Each use has instances and state of its own: by its pipeline and its name there, or as its `scope` says. Opening it
    a second time, to put the new one in the place of the old one, is no error.

    Threads: any number.

    Attributes:
        project: the configuration.
        secrets: those that what is opened asks for, at least.
        runtime: loads the plugins.
        descriptions: what the plugins say of themselves.
        warn: told what plugins find unwise about their configuration.
        actions: what a plugin that may call actions can call, by name.
    """

    project: Project
    secrets: Secrets
    runtime: Runtime
    descriptions: Descriptions
    warn: Callable[[str], object] = lambda _: None
    actions: Mapping[str, Callable[[object], object]] = field(default_factory=dict)

    def open(
        self,
        pipeline: str,
        members: Iterable[Standing],
        *,
        offset: Callable[[str], object] = lambda _: None,
        clock: Clock | None = None,
    ) -> dict[str, Open]:
        """All of these by their names in the pipeline, or none of them.

        Args:
            pipeline: the pipeline's name.
            members: what to open.
            offset: where a source resumes from, by its name in the pipeline.
            clock: what sources go by, instead of the machine's.

        Raises:
            WardianError: as `source`, where one thing is wrong.
            ConfigError: where several are; `problems` has all of them.
        """
        opened: dict[str, Open] = {}
        wrong: list[WardianError] = []
        with contextlib.ExitStack() as undo:
            for each in members:
                try:
                    use = self._member(pipeline, each, offset, clock)
                except WardianError as error:
                    wrong.append(error)
                else:
                    opened[each.name] = use
                    undo.enter_context(contextlib.closing(use))
            if wrong:
                raise together("what the pipeline needs cannot be opened", wrong, pipeline)
            undo.pop_all()
        return opened

    def source(
        self, pipeline: str, name: str, *, instance: str = "", resume: object = None, clock: Clock | None = None
    ) -> Source | HostSource:
        """A source of the project, for one pipeline.

        Args:
            pipeline: the pipeline's name.
            name: the name in `sources`.
            instance: its name in the pipeline, where that is another one.
            resume: the offset to go on from.
            clock: what it goes by, instead of the machine's.

        Raises:
            ConfigError: there is no such use, it is disabled, its configuration is wrong, or the plugin refuses it.
            WardianError: otherwise as `Runtime.load`.
        """
        use = self._use("sources", name)
        place = Place(pipeline, instance or name, use.scope)
        if use.type is not None:
            node = self._filled(use)
            return self._masked(lambda: endpoints.open_source(str(use.type), node, resume=resume, clock=clock))
        opened: Source = self._masked(lambda: self._open("sources", name, use, place, resume=resume, clock=clock))
        return opened

    def step(self, pipeline: str, instance: str, name: str) -> Step:
        """A step of the project, for one pipeline, by its name there and its name in `steps`. Raises as `source`.

        It is an `Aggregator` where the use has a `window`, else a `Processor`, or a `Function`.
        """
        use = self._use("steps", name)
        opened: Step = self._masked(lambda: self._open("steps", name, use, Place(pipeline, instance, use.scope)))
        return opened

    def sink(self, pipeline: str, name: str, *, instance: str = "") -> Sink | HostSink:
        """A sink of the project, for one pipeline, as of `source`."""
        use = self._use("sinks", name)
        if use.type is not None:
            node = self._filled(use)
            return self._masked(lambda: endpoints.open_sink(str(use.type), node))
        place = Place(pipeline, instance or name, use.scope)
        opened: Sink = self._masked(lambda: self._open("sinks", name, use, place))
        return opened

    def _member(self, pipeline: str, member: Standing, offset: Callable[[str], object], clock: Clock | None) -> Open:
        if member.role == "source":
            resume = offset(member.name)
            return self.source(pipeline, member.use_name, instance=member.name, resume=resume, clock=clock)
        if member.role == "step":
            return self.step(pipeline, member.name, member.use_name)
        return self.sink(pipeline, member.use_name, instance=member.name)

    def _use(self, group: str, name: str) -> Use:
        known: Mapping[str, Use] = getattr(self.project, group)
        if name not in known:
            raise ConfigError(
                f"there is no `{name}` in `{group}`", hint=nearest(name, known) or f"there are {listed(known)}"
            )
        use = known[name]
        if not use.enabled:
            raise ConfigError(f"`{group}.{name}` is disabled", hint=f"set `{group}.{name}.enabled` to true")
        if use.plugin is not None and not self.project.plugins[use.plugin].enabled:
            raise ConfigError(
                f"`{group}.{name}` cannot be used: the plugin `{use.plugin}` is disabled",
                hint=f"set `plugins.{use.plugin}.enabled` to true",
            )
        return use

    def _open(self, group: str, name: str, use: Use, place: Place, **more: object) -> Any:  # noqa: ANN401 - of its kind
        called = f"{group}.{name}"
        prepared = self._prepared(group, called, use)
        plugin = self._load(prepared, use, place)
        kind = symbols.kinds(use, group)[0] if prepared.symbol is None else prepared.symbol.kind
        symbol = use.symbol if prepared.symbol is None else prepared.symbol.name
        try:
            opened = getattr(plugin, kind)(
                prepared.config, symbol=symbol, section=use.section, instance=place.instance, **more
            )
            judge(called, opened, self.secrets, self.warn)
        except BaseException:
            plugin.close()
            raise
        return opened

    def _prepared(self, group: str, called: str, use: Use) -> Prepared:
        def choose(there: Sequence[Symbol], problems: Problems) -> Symbol | None:
            return symbols.chosen(use, group, there, f"the plugin `{use.plugin}`", problems)

        return prepare(called, use, str(use.plugin), choose, self.project, self.secrets, self.descriptions)

    def _load(self, prepared: Prepared, use: Use, place: Place) -> Plugin:
        request = Request(
            name=prepared.plugin, instance=place.instance, limits=prepared.limits, grants=prepared.grants,
            given=Given(actions=self.actions if prepared.grants.actions else {}), files=prepared.files,
            instances=use.instances, fresh=use.fresh, egress=prepared.egress, place=place,
        )  # fmt: skip
        try:
            return runtimes.placed(self.runtime, prepared.path, request)
        except PermissionDenied as error:
            raise hinted(error, prepared.plugin) from None

    def _filled(self, use: Use) -> Node:
        return merged_layers([self.secrets.filled(each) for each in use.config], use.at.node)

    def _masked(self, make: Callable[[], Made]) -> Made:
        try:
            return make()
        except WardianError as error:
            raise self.secrets.masker.mask_error(error) from None
