"""A bound use of a plugin: one symbol, its configuration, its own instances, state and cancellation."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from wardian.abi.contract import PLUGIN_CHECK
from wardian.errors import GuestError
from wardian.guests.guest import Order
from wardian.plugins import instances, reply
from wardian.plugins import plugin as plugins
from wardian.plugins.scopes import scope_name
from wardian.record import Record
from wardian.state.contract import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

    from wardian.capabilities.metric import Reading, Series
    from wardian.plugins.bound import Bound

Kept = TypeVar("Kept")


class Use:
    """What all bound uses have in common; a context manager that closes it.

    Its instances, its state and its cancellation are its own: two uses of one symbol share nothing but code.

    Threads: all methods may be called from any number of threads, unless a kind says otherwise.

    Attributes:
        kind: the kind of plugin that it is used as.
        symbol: the symbol's name, or an empty text where the module describes none.
        instance: the name of this use; with the plugin's and the symbol's the scope of its state.
        config: the configuration that its instances are given, merged of all layers.
        bytes_in: bytes of the requests that were made, as they are encoded.
        bytes_out: bytes of the replies.
    """

    kind: ClassVar[str]

    def __init__(self, bound: Bound) -> None:
        self.symbol, self.instance, self.config = bound.binding.symbol, bound.instance, bound.binding.config
        self._bound, self._claim = bound, bound.claim()
        self.bytes_in = self.bytes_out = 0
        try:
            self._plugin = bound.open()
        except BaseException:
            self._release()
            raise

    def check(self) -> list[tuple[str, str]]:
        """What the plugin has to say of the configuration: a level, such as `warn` or `error`, and a message, for each.

        It is asked on an instance of its own, which is not opened. A plugin without `plugin_check` has nothing to say.
        """
        return check(self._bound)

    def cancel(self, grace: float = 0.0) -> int:
        """End the running calls of this use, and of no other; see `Plugin.cancel`."""
        return self._plugin.cancel(grace)

    def metrics(self) -> Mapping[Series, Reading]:
        """What its instances have recorded so far, by series."""
        return self._plugin.metrics()

    @property
    def memory(self) -> int:
        """The bytes of linear memory that its idle instances have."""
        return instances.memory(self._plugin)

    @property
    def scope(self) -> Scope:
        """Whose state it has, where that is granted."""
        place = self._bound.loaded.request.place
        return Scope(self._plugin.name, scope_name(self.symbol, self.instance) if place is None else place.state)

    def renew(self) -> None:
        """Replace its idle instances: the next call has a new one, and nothing but state lasts."""
        instances.renew(self._plugin)

    def close(self) -> None:
        """End its running calls and free its instances; a second time does nothing."""
        self._plugin.close()
        self._release()

    @property
    def version(self) -> str:
        """The version that its package says, or an empty text."""
        manifest = self._bound.loaded.manifest
        return "" if manifest is None else str(manifest.version)

    @property
    def digest(self) -> str:
        """sha256 of its wasm, in hex."""
        return self._plugin.digest

    @property
    def closed(self) -> bool:
        """Whether it answers no call any more."""
        return self._plugin.closed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        plugin = getattr(self, "_plugin", None)
        if plugin is not None and not plugin.closed:
            warnings.warn(f"{self!r} was not closed", ResourceWarning, stacklevel=2, source=self)

    def __repr__(self) -> str:
        symbol = f":{self.symbol}" if self.symbol else ""
        state = "closed" if self.closed else instances.occupancy(self._plugin)
        return f"<{type(self).__name__} {self._plugin.name}{symbol}/{self.instance}: {state}>"

    def _release(self) -> None:
        if self._claim is not None:
            self._claim.release()

    def _has(self, entry: str) -> bool:
        """Whether the module has an optional entry point; a command decides itself."""
        return self._plugin.entries is None or entry in self._plugin.entries

    def _where(self, entry: str) -> str:
        return f"{self._plugin.name}: {entry}"

    def _ask(self, entry: str, value: object, shape: Callable[[object], Kept]) -> Kept:
        """Call an entry point, with the shape of its reply checked."""
        return self._ask_encoded(entry, plugins.encoded(self._plugin, entry, value), shape)

    def _ask_encoded(self, entry: str, request: bytes, shape: Callable[[object], Kept]) -> Kept:
        made: Kept = plugins.ordered(self._plugin, entry, request, Order(check=self._reader(request, shape)))
        return made

    def _reader(self, request: bytes, shape: Callable[[object], Kept]) -> Callable[[bytes], Kept]:
        """What decodes a reply and checks its shape, once both are counted."""
        read = plugins.shaped(self._plugin, shape)
        self.bytes_in += len(request)

        def taken(reply: bytes) -> Kept:
            self.bytes_out += len(reply)
            made: Kept = read(reply)  # type: ignore[assignment] # as the shape gives it
            return made

        return taken

    def _unimplemented(self, entry: str) -> GuestError:
        return GuestError("unimplemented", f"the plugin has no `{entry}`", where=self._where(entry))


def check(bound: Bound) -> list[tuple[str, str]]:
    """What a plugin has to say of a configuration, on an instance that is not opened."""
    with bound.fresh(opened=False) as plugin:
        if plugin.entries is not None and PLUGIN_CHECK not in plugin.entries:
            return []
        request = plugins.encoded(plugin, PLUGIN_CHECK, bound.asked())
        remarks: list[tuple[str, str]] = plugins.checked(plugin, PLUGIN_CHECK, request, reply.remarks)
        return remarks


def as_values(records: Iterable[Record]) -> list[dict[str, object]]:
    """The maps to encode for these records.

    Raises:
        TypeError: one of them is no `Record`.
    """
    made = []
    for each in records:
        if not isinstance(each, Record):
            raise TypeError(f"expected records, got {type(each).__name__}; `Record.from_value` makes one of a map")
        made.append(each.to_value())
    return made
