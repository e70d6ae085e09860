"""Everything that can go wrong, told apart by type.

Each error says what is wrong (`message`), where (`where`), and what to do next (`hint`), and has a `code` that stays
the same between releases. The types say whose turn it is: the plugin's author, the operator who sets policy, the
caller, or the application whose function was called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class WardianError(Exception):
    """Root of all errors raised by this package.

    Attributes:
        code: stable identifier, such as `deadline_exceeded`.
        message: what is wrong, in one sentence.
        where: the plugin, file, entry point or path concerned, or an empty text.
        hint: what to do next, or an empty text.
        problems: every fault that was found, each a line of text, where there may be several.
    """

    code: str = "error"

    def __init__(
        self, message: str, *, code: str | None = None, problems: Sequence[str] = (), where: str = "", hint: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.problems = tuple(problems)
        self.where = where
        self.hint = hint
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return self._told(self.message, self.problems)

    def _told(self, said: str, listed: Iterable[str] = ()) -> str:
        """The lines of the error's text. Guests have a say in them, and they end up in logs and on terminals."""
        where = f"{self.where}: " if self.where else ""
        hint = (f"hint: {self.hint}",) if self.hint else ()
        return "\n".join(map(_one_line, (f"{where}{said}", *(f"  {line}" for line in listed), *hint)))

    def __reduce__(self) -> tuple[object, ...]:
        # Pickled by its attributes, for pools of processes: the arguments of its making are named, and not kept.
        return _revive, (type(self), self.args, self.__dict__)


def _one_line(text: str) -> str:
    """The text without the characters that a terminal or a log would obey."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _revive(kind: type[WardianError], args: tuple[object, ...], attributes: dict[str, object]) -> WardianError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(attributes)
    return error


class PackageError(WardianError):
    """What was given is no plugin that can run here: not wasm, another ABI, an unknown import. The author's turn."""

    code = "invalid_module"


class BuildError(WardianError):
    """A plugin could not be built: `problems` are what its compiler said. The author's turn."""

    code = "build_failed"


class PermissionDenied(WardianError):  # noqa: N818 - the name of what happened, as in the manifest and the docs
    """A plugin imports a capability that its grants do not allow. The operator's turn.

    Attributes:
        imports: the refused imports, as `module.name`.
    """

    code = "permission_denied"

    def __init__(self, message: str, *, imports: Sequence[str] = (), where: str = "", hint: str = "") -> None:
        super().__init__(message, where=where, hint=hint)
        self.imports = tuple(imports)


class ConfigError(WardianError):
    """The operator's configuration is wrong; `problems` lists every fault found, each a line of text.

    The error's own text shows the first hundred.
    """

    code = "config"
    _shown: ClassVar[int] = 100

    def __str__(self) -> str:
        more = len(self.problems) - self._shown
        return self._told(self.message, (*self.problems[: self._shown], *((f"and {more} more",) if more > 0 else ())))


class GuestError(WardianError):
    """The plugin answered with an error of its own.

    Attributes:
        kind: one of the ABI's error kinds, such as `invalid`, `transient` or `internal`.
        guest_code: the plugin's own code for it, or None.
        retry_after_ms: for `transient` and `exhausted`: not before so many milliseconds, or None.
        details: any plain data that the plugin added, or None.
    """

    code = "guest_error"

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        guest_code: str | None = None,
        retry_after_ms: int | None = None,
        details: object = None,
        where: str = "",
    ) -> None:
        super().__init__(message, where=where)
        self.kind = kind
        self.guest_code = guest_code
        self.retry_after_ms = retry_after_ms
        self.details = details

    def __str__(self) -> str:
        return self._told(f"[{self.kind}] {self.message}")


class Trap(WardianError):  # noqa: N818 - WebAssembly's own word
    """The guest's code broke a rule of WebAssembly or gave up; its instance is gone.

    Attributes:
        backtrace: the wasm frames, innermost first, at most 20, each a printable line.
        exit_code: what the guest passed to `proc_exit`, or None.
    """

    code = "trap"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        backtrace: Sequence[str] = (),
        exit_code: int | None = None,
        where: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message, code=code, where=where, hint=hint)
        self.backtrace = tuple(backtrace)
        self.exit_code = exit_code

    def __str__(self) -> str:
        return self._told(self.message, (f"at {frame}" for frame in self.backtrace))


class AbiViolation(WardianError):  # noqa: N818 - as above
    """The guest broke a rule of the ABI, such as a pointer outside its memory; its instance is gone."""

    code = "abi_violation"


class LimitExceeded(WardianError):  # noqa: N818 - as above
    """A limit was hit.

    Attributes:
        limit: the field of `Limits` that was hit.
        value: what that limit allows, in its own unit (bytes, seconds or a count).
        asked: what was asked for, in the same unit, or None where that cannot be known.
    """

    code = "limit_exceeded"
    default_limit: ClassVar[str] = ""

    def __init__(
        self,
        message: str,
        *,
        limit: str = "",
        value: float,
        asked: float | None = None,
        where: str = "",
        hint: str = "",
        backtrace: Sequence[str] = (),
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.limit = limit or self.default_limit
        self.value = value
        self.asked = asked
        self.backtrace = tuple(backtrace)


class DeadlineExceeded(LimitExceeded):
    """A call, or the start of an instance, took longer than its deadline."""

    code = "deadline_exceeded"
    default_limit = "deadline"


class FuelExhausted(LimitExceeded):
    """A call spent all its fuel."""

    code = "fuel_exhausted"
    default_limit = "fuel"


class MemoryExceeded(LimitExceeded):
    """The guest needed more linear memory than it may have."""

    code = "memory_exceeded"
    default_limit = "memory"


class StackExhausted(LimitExceeded):
    """The guest's calls nested deeper than its stack allows."""

    code = "stack_exhausted"
    default_limit = "stack"


class RequestTooLarge(LimitExceeded):
    """A request was larger, deeper or of more items than allowed; the guest was not entered."""

    code = "request_too_large"
    default_limit = "request"


class ReplyTooLarge(LimitExceeded):
    """A reply was larger, deeper or of more items than allowed; nothing of it was read."""

    code = "reply_too_large"
    default_limit = "reply"


class HostCallsExceeded(LimitExceeded):
    """A call asked the host for more than it may: too many host calls."""

    code = "host_calls_exceeded"
    default_limit = "host_calls"


class Cancelled(WardianError):  # noqa: N818 - as above
    """The call was ended by `cancel()` or by closing its plugin."""

    code = "cancelled"


class HostFunctionError(WardianError):
    """A function of the application raised; its exception, with its own traceback, is the `__cause__`."""

    code = "host_function_error"


class StateError(WardianError):
    """A state store cannot be used: corrupt, of a newer version, full, or locked for too long. The operator's turn."""

    code = "state_error"


class ExpressionError(WardianError):
    """An expression in a text is wrong, or does not fit what is there. The turn of whoever wrote it.

    Attributes:
        kind: `invalid`, `denied` for a command that may not be run, or `exhausted` for what takes too much.
    """

    code = "expression_error"

    def __init__(self, kind: str, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message, where=where, hint=hint)
        self.kind = kind


class TaskFailed(WardianError):  # noqa: N818 - what happened
    """A task has failed, on one of its jobs; that job's own error is the `__cause__`.

    Attributes:
        task: the name of the task, or of the mixin.
        step: the how-manieth job of it failed, from 1 on.
        result: the `TaskResult`, what became of each job; None for a mixin, whose jobs are in the result of its task.
    """

    code = "task_failed"

    def __init__(
        self,
        message: str,
        *,
        task: str = "",
        step: int = 0,
        result: Any = None,  # noqa: ANN401 - a type of a layer above
        where: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.task = task
        self.step = step
        self.result = result


class CapabilityError(WardianError):
    """Raised by a function of the host to answer its guest with an error; the guest may handle it.

    Attributes:
        kind: one of the ABI's error kinds.
        retry_after_ms: not before so many milliseconds, or None.
        details: any plain data for the guest, or None.
    """

    code = "capability_error"

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        guest_code: str | None = None,
        retry_after_ms: int | None = None,
        details: object = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.guest_code = guest_code
        self.retry_after_ms = retry_after_ms
        self.details = details
