"""`wardian.load`: plugins without a runtime of one's own."""

from __future__ import annotations

import atexit
import os
import threading
from typing import TYPE_CHECKING, Any, Final

from wardian.plugins.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from wardian.egress.egress import Egress
    from wardian.plugins.plugin import Plugin
    from wardian.policy import Grants, Limits
    from wardian.record import Record


class _Shared:
    """The runtime of the process, made when first needed, and anew in a forked child."""

    def __init__(self) -> None:
        self._runtime: Runtime | None = None
        self.renew()

    def renew(self) -> None:
        self._lock = threading.Lock()

    def get(self) -> Runtime:
        with self._lock:
            if self._runtime is None or self._runtime.closed:
                self._runtime = Runtime()
                atexit.register(self._runtime.close)
            return self._runtime


_shared: Final = _Shared()
os.register_at_fork(after_in_child=_shared.renew)  # a thread that held its lock is not there to release it


def load(
    source: str | Path | bytes,
    *,
    config: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
    grants: Grants | None = None,
    functions: Mapping[str, Callable[[Any], object]] | None = None,
    actions: Mapping[str, Callable[[object], object]] | None = None,
    extensions: Mapping[str, Callable[[str, object], object]] | None = None,
    variables: Mapping[str, object] | None = None,
    on_emit: Callable[[list[Record]], object] | None = None,
    files: Mapping[str, bytes] | None = None,
    instances: int = 1,
    fresh: bool = False,
    name: str | None = None,
    instance: str = "default",
    egress: Egress | None = None,
) -> Plugin:
    """Load a plugin on a runtime that the whole process shares; the arguments are those of `Runtime.load`.

    That runtime keeps state in memory and compiled modules in `~/.cache/wardian`, and is closed when the process exits.
    """
    return _shared.get().load(
        source, config=config, limits=limits, grants=grants, functions=functions, actions=actions,
        extensions=extensions, variables=variables, on_emit=on_emit, files=files, instances=instances, fresh=fresh,
        name=name, instance=instance, egress=egress,
    )  # fmt: skip
