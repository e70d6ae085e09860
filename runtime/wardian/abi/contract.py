"""The names and numbers of the ABI's version 1: what a guest exports, what it may import, how results are packed."""

from __future__ import annotations

from typing import Final, NamedTuple

VERSION: Final = 1

# Exports of a guest beside its entry points.
MARKER: Final = "wardian_abi_v1"
MARKER_PREFIX: Final = "wardian_abi_v"
MEMORY: Final = "memory"
ALLOC: Final = "wardian_alloc"
INITIALIZE: Final = "_initialize"
START: Final = "_start"

# Modules that a guest may import from.
HOST_MODULE: Final = "wardian"
APP_MODULE: Final = "app"
WASI_MODULE: Final = "wasi_snapshot_preview1"

TAKE: Final = "take"

# Each import of the module `wardian`, and the capability that it needs; None: always there.
HOST_IMPORTS: Final[dict[str, str | None]] = {
    TAKE: None,
    "log": None,
    "metric_record": None,
    "cancelled": None,
    "state_get": "state",
    "state_put": "state",
    "state_delete": "state",
    "state_add": "state",
    "state_swap": "state",
    "state_keys": "state",
    "emit": "emit",
    "clock_now": "clock",
    "random_bytes": "random",
    "http_request": "http",
    "template_expand": "template",
    "vars_get": "vars",
    "vars_set": "vars",
    "action_call": "actions",
    "extension_call": "extensions",
}

LOG_LEVELS: Final = ("trace", "debug", "info", "warn", "error")
METRIC_KINDS: Final = ("counter", "gauge", "histogram")
RECORD_TYPES: Final = ("log", "metric", "span", "bytes", "event")

PACKAGE_SECTION: Final = "wardian:package"
TRANSPORTS: Final = ("reactor", "command")

# Entry points of every kind.
PLUGIN_OPEN: Final = "plugin_open"
PLUGIN_CHECK: Final = "plugin_check"
PLUGIN_CLOSE: Final = "plugin_close"
LIFECYCLE: Final = (PLUGIN_OPEN, PLUGIN_CHECK, PLUGIN_CLOSE)

# The entry points of each kind; those in the first place do its work, and one of them must be there.
ENTRY_POINTS: Final[dict[str, tuple[str, ...]]] = {
    "source": ("source_poll", "source_request"),
    "action": ("action_call", "action_cancel"),
    "processor": ("processor_process",),
    "function": ("function_call", "function_validate"),
    "aggregator": ("aggregator_add", "aggregator_flush", "aggregator_reset"),
    "sink": ("sink_write", "sink_flush"),
    "lookup": ("lookup_rows",),
    "extension": ("extension_call",),
}

_FAILED: Final = 1 << 31
_LENGTH: Final = _FAILED - 1
_POINTER: Final = 0xFFFF_FFFF


class Result(NamedTuple):
    """What an entry point returned: where its reply lies, and whether the reply is an error."""

    pointer: int
    failed: bool
    length: int


def unpack(packed: int) -> Result:
    """The parts of an entry point's i64, which arrives from wasm as a signed number; nothing in them is checked."""
    return Result(packed >> 32 & _POINTER, packed & _FAILED != 0, packed & _LENGTH)


def pack(pointer: int, length: int, *, failed: bool = False) -> int:
    """The i64 of an entry point, signed as wasm has it.

    Raises:
        ValueError: the pointer takes more than 32 bits, or the length more than 31.
    """
    if not 0 <= pointer <= _POINTER or not 0 <= length <= _LENGTH:
        raise ValueError(f"expected a pointer of 32 bits and a length of 31, got {pointer} and {length}")
    packed = pointer << 32 | (_FAILED if failed else 0) | length
    return packed - (1 << 64) if packed >> 63 else packed


def capability_of(module: str, name: str) -> str | None:
    """The capability that an import needs, or None when every guest may import it; WASI's own rules are elsewhere.

    Raises:
        KeyError: the ABI has no such import.
    """
    if module == APP_MODULE and name:
        return f"{APP_MODULE}.{name}"
    if module == HOST_MODULE:
        return HOST_IMPORTS[name]
    raise KeyError(f"{module}.{name}")


def kinds_served(exports: frozenset[str]) -> tuple[str, ...]:
    """The kinds of plugin whose work these exports can do, in the order of the ABI."""
    return tuple(kind for kind, names in ENTRY_POINTS.items() if exports.intersection(names))
