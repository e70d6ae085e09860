"""What an operator allows: `Limits` bound what an instance may use, `Grants` name what it may ask for.

Both are frozen values. `Limits()` is finite everywhere; `Grants()` allows nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, Generic, TypeVar, cast, overload

from wardian.errors import ConfigError
from wardian.quantity import format_duration, format_size, parse_duration, parse_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Number = TypeVar("Number", int, float, "int | None")


class _Limit(Generic[Number]):
    """A field of `Limits`: what it takes, its bounds, how it is written.

    A descriptor, so that type checkers know that a field takes text and gives a number.
    """

    def __init__(
        self,
        default: Number,
        parse: Callable[[object], float],
        write: Callable[[float], str],
        least: float,
        most: float,
    ) -> None:
        self.default: Number = default
        self.parse, self.write, self.least, self.most = parse, write, least, most

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, limits: None, owner: type) -> Number: ...
    @overload
    def __get__(self, limits: Limits, owner: type) -> Number: ...
    def __get__(self, limits: Limits | None, owner: type) -> Number:
        if limits is None:
            return self.default
        return cast("Number", limits.__dict__[self.name])

    def __set__(self, limits: Limits, given: Number | str) -> None:
        limits.__dict__[self.name] = given  # checked with all others in `__post_init__`

    def checked(self, given: object) -> float | None:
        """The number that was given, perhaps as text.

        Raises:
            ValueError: it is none, or out of bounds; the text says what is right.
        """
        if given is None and self.default is None:
            return None
        value = self.parse(given)
        if not self.least <= value <= self.most:
            raise ValueError(f"expected {self.write(self.least)} to {self.write(self.most)}, got {given!r}")
        return value


def _parse_count(given: object) -> int:
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, str) and len(given) <= 32 and re.fullmatch(r"\d+(_\d+)*", given.strip()):
        return int(given)
    raise ValueError(f"expected a whole number, got {given!r}")


def _write_count(value: float) -> str:
    return str(int(value))


def _size(default: int, *, least: int = 0, most: int = 4 * 2**30) -> _Limit[int]:
    return _Limit(default, parse_size, format_size, least, most)


def _count(default: int, *, least: int = 0, most: int = 2**31 - 1) -> _Limit[int]:
    return _Limit(default, _parse_count, _write_count, least, most)


def _duration(default: float, *, least: float = 1e-3, most: float = 365 * 86400.0) -> _Limit[float]:
    return _Limit(default, parse_duration, format_duration, least, most)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one instance may use; every limit is finite by default, but for fuel, which is metered only when asked for.

    Sizes are bytes, as a number or a text such as `16MiB`; durations are seconds, as a number or a text such as
    `250ms`; counts are whole numbers.

    Attributes:
        memory: linear memory.
        table_elements: elements of all tables together.
        stack: the guest's call stack; at most 2 MiB, which is what the engine bears.
        fuel: instructions of one call, or None; metering makes a guest up to 2.4 times slower.
        deadline: wall-clock time of one call, host calls and waiting included.
        start_deadline: wall-clock time of start section, `_initialize` and `plugin_open` together.
        module: size of the wasm module.
        compile_time: CPU time and wall-clock time of compiling it.
        compile_memory: address space of the compiling process.
        request: encoded size of a request, to the guest or to the host.
        reply: encoded size of a reply, of the guest or of the host.
        items: CBOR items in one request or reply.
        depth: nesting of one request or reply.
        host_calls: calls of the host within one call.
        log_bytes: bytes of log text of one call; what is over is dropped and counted.
        log_lines: log lines of one call; what is over is dropped and counted.
        state_keys: keys an instance may keep.
        state_bytes: bytes that all its keys and values take as stored.
        state_value: bytes of one value as stored.
        http_requests: HTTP requests of one call.
        http_time: wall-clock time of one HTTP request.
        http_response: decoded bytes of one HTTP response.
        emitted: records emitted in one call.
        instances: open instances of a plugin.

    Raises:
        ConfigError: naming every field that is wrong, what it takes and what it was given.
    """

    memory: _Limit[int] = _size(64 * 2**20, least=2**16)
    table_elements: _Limit[int] = _count(20_000, most=10_000_000)
    stack: _Limit[int] = _size(512 * 2**10, least=64 * 2**10, most=2 * 2**20)
    fuel: _Limit[int | None] = _Limit(None, _parse_count, _write_count, 1, 2**63 - 1)
    deadline: _Limit[float] = _duration(1.0)
    start_deadline: _Limit[float] = _duration(5.0)
    module: _Limit[int] = _size(32 * 2**20, least=8, most=2**30)
    compile_time: _Limit[float] = _duration(60.0, least=0.1)
    compile_memory: _Limit[int] = _size(2 * 2**30, least=256 * 2**20, most=2**40)
    request: _Limit[int] = _size(8 * 2**20, least=1, most=2**30)
    reply: _Limit[int] = _size(8 * 2**20, least=1, most=2**30)
    items: _Limit[int] = _count(100_000, least=1, most=10_000_000)
    depth: _Limit[int] = _count(64, least=1, most=64)
    host_calls: _Limit[int] = _count(10_000)
    log_bytes: _Limit[int] = _size(64 * 2**10)
    log_lines: _Limit[int] = _count(1_000)
    state_keys: _Limit[int] = _count(1_000)
    state_bytes: _Limit[int] = _size(2**20, most=2**40)
    state_value: _Limit[int] = _size(64 * 2**10, most=2**30)
    http_requests: _Limit[int] = _count(10)
    http_time: _Limit[float] = _duration(5.0)
    http_response: _Limit[int] = _size(2**20, most=2**30)
    emitted: _Limit[int] = _count(10_000)
    instances: _Limit[int] = _count(64, least=1, most=15_000)

    def __post_init__(self) -> None:
        """Refuse the whole value, with all that is wrong."""
        problems = []
        for name, spec in _SPECS.items():
            try:
                self.__dict__[name] = spec.checked(self.__dict__[name])
            except ValueError as error:
                problems.append(f"{name}: {error}")
        if problems:
            raise ConfigError("these limits are wrong", problems=problems)

    def written(self) -> dict[str, str]:
        """Each limit by its name, as a person writes it, such as `{"memory": "64MiB", …}`; fuel may be `none`."""
        values = ((name, spec, getattr(self, name)) for name, spec in _SPECS.items())
        return {name: "none" if value is None else spec.write(value) for name, spec, value in values}


_SPECS: Final[dict[str, _Limit[int | None]]] = {field.name: vars(Limits)[field.name] for field in fields(Limits)}
for _name, _spec in _SPECS.items():
    # Plain attributes from here on: a look through a descriptor takes 0.1 µs, and a call takes several.
    setattr(Limits, _name, _spec.default)


@dataclass(frozen=True, kw_only=True)
class Grants:
    """Which capabilities a plugin may import; `Grants()` allows none.

    Functions of the application need no grant: they are granted by passing them to `load(functions=…)`.

    Attributes:
        state: keep keys and values between calls.
        clock: read the time.
        random: ask for random bytes.
        emit: hand out records while a call runs.
        http: hosts that may be asked, as `host` or `host:port`, `*.host` for its subdomains; none by default. Addresses
            that are not public, as those of this machine, are asked only where they are named, as `127.0.0.1:8080`.
        template: expand text in the scope of the call.
        vars: read and write the variables of the running job.
        actions: call other actions.
        extensions: call extensions.
        package: read the files of its own package, at `/package`.

    Raises:
        ConfigError: naming every entry that is wrong.
    """

    state: bool = False
    clock: bool = False
    random: bool = False
    emit: bool = False
    http: Iterable[str] = ()
    template: bool = False
    vars: bool = False
    actions: bool = False
    extensions: bool = False
    package: bool = False

    def __post_init__(self) -> None:
        """Refuse the whole value, with all that is wrong; make the list of hosts immutable."""
        problems = []
        for field in fields(self):
            given = getattr(self, field.name)
            if field.name == "http":
                problems += self._freeze_hosts(given)
            elif not isinstance(given, bool):
                problems.append(f"{field.name}: expected true or false, got {given!r}")
        if problems:
            raise ConfigError("these grants are wrong", problems=problems)

    def _freeze_hosts(self, given: object) -> list[str]:
        if isinstance(given, (str, bytes)) or not hasattr(given, "__iter__"):
            return [f"http: expected a list such as ['api.example.com:443'], got {given!r}"]
        hosts = tuple(given)
        object.__setattr__(self, "http", hosts)
        return [f"http: expected `host` or `host:port`, got {host!r}" for host in hosts if not _is_granted_host(host)]

    def allows(self, capability: str) -> bool:
        """Whether the capability of this name is granted."""
        return capability in _CAPABILITIES and bool(getattr(self, capability))


def _is_granted_host(given: object) -> bool:
    from wardian.hosts import parse_granted  # noqa: PLC0415 - 2 ms of a start, for those who grant hosts

    try:
        return isinstance(given, str) and bool(parse_granted(given))
    except ValueError:
        return False


_CAPABILITIES: Final = frozenset(field.name for field in fields(Grants))
