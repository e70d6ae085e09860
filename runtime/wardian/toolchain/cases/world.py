"""The world of a plugin in one case: all that its description asks for, with the answers that the case gives."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from wardian import plain_json
from wardian.abi.contract import APP_MODULE
from wardian.egress.exchange import Answer
from wardian.errors import CapabilityError
from wardian.plugins.given import Given
from wardian.policy import Grants
from wardian.toolchain.cases.document import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wardian.capabilities.log import LogLine
    from wardian.egress.budget import Budget
    from wardian.egress.request import Request
    from wardian.package.manifest import Manifest
    from wardian.record import Record
    from wardian.sandbox.module import Module
    from wardian.toolchain.cases.answers import Answer as Said
    from wardian.toolchain.cases.answers import Failure, Host

_NOWHERE: Final = ("nowhere.invalid",)  # a grant of `http` for which no name is ever looked up
_CAPABILITIES: Final = frozenset(each.name for each in dataclasses.fields(Grants)) - {"http"}


class World:
    """What one instance finds.

    Args:
        host: what the case says.
        manifest: the description, whose `capabilities` are granted and no others.
        module: the module, whose functions of the application are all there, and know nothing but what the case says.
        logs: takes all log lines of the case.

    Attributes:
        lines: the log lines of the running call.
        emitted: the records that it emitted, as plain maps.
        unanswered: what it asked for that the case does not answer.
    """

    def __init__(self, host: Host, manifest: Manifest, module: Module, logs: list[LogLine]) -> None:
        self._host, self._manifest, self._module, self._logs = host, manifest, module, logs
        self.lines: list[LogLine] = []
        self.emitted: list[Any] = []
        self.unanswered: list[str] = []

    @property
    def grants(self) -> Grants:
        """What the description asks for."""
        asked = self._manifest.capabilities
        plainly = dict.fromkeys(_CAPABILITIES & asked.keys(), True)
        return Grants(**plainly, http=_NOWHERE if "http" in asked else ())

    @property
    def functions(self) -> dict[str, Callable[[Any], object]]:
        """The functions of the application that the module imports."""
        names = [each.name for each in self._module.imports if each.module == APP_MODULE]
        return {name: partial(self._answer, f"app.{name}", self._host.app.get(name, ())) for name in names}

    @property
    def given(self) -> Given:
        """All else that is there."""
        grants, host = self.grants, self._host
        return Given(
            actions=self._each("action", host.actions) if grants.actions else {},
            extensions=self._methods(host.extensions) if grants.extensions else {},
            variables=host.variables if grants.vars or grants.template else {},
            on_emit=self._emit if grants.emit else None,
        )

    def log(self, line: LogLine) -> None:
        """Take a log line."""
        self.lines.append(line)
        self._logs.append(line)

    def forget(self) -> None:
        """Begin another call."""
        self.lines.clear()
        self.emitted.clear()

    def fetch(self, request: Request, _budget: Budget, _spend: Callable[[], None]) -> Answer:
        """What a server answers to a request, as the case says."""
        asked = request.destination.url
        for each in self._host.http:
            if _url(each.url) == asked and each.method in (None, request.method):
                if each.error is not None:
                    raise _failure(each.error)
                body = plain(each.body)
                text = "" if body is None else body if isinstance(body, str) else plain_json.write(body)
                return Answer(each.status, dict(each.headers), text.encode())
        raise self._none(f"{request.method} {asked}")

    def refuse(self, error: CapabilityError) -> None:
        """What was no request at all."""

    def _emit(self, records: Sequence[Record]) -> None:
        self.emitted += [each.to_value() for each in records]

    def _each(self, what: str, said: Mapping[str, Sequence[Said]]) -> dict[str, Callable[[object], object]]:
        return {name: partial(self._answer, f"{what} `{name}`", answers) for name, answers in said.items()}

    def _methods(self, said: Mapping[str, Sequence[Said]]) -> dict[str, Callable[[str, object], object]]:
        def method(name: str, method: str, argument: object) -> object:
            return self._answer(f"extension `{name}`, {method}", said[name], argument, method)

        return {name: partial(method, name) for name in said}

    def _answer(self, what: str, said: Sequence[Said], request: object, method: str | None = None) -> object:
        for each in said:
            if each.fits(request, method):
                if each.error is not None:
                    raise _failure(each.error)
                return plain(each.answer)
        raise self._none(f"{what} with {plain_json.write(request)}")

    def _none(self, asked: str) -> CapabilityError:
        self.unanswered.append(f"the case has no answer to {asked}")
        return CapabilityError("not_found", self.unanswered[-1])


def _failure(error: Failure) -> CapabilityError:
    return CapabilityError(error.kind, error.message, guest_code=error.code, retry_after_ms=error.retry_after_ms)


def _url(text: str) -> str:
    """A URL in the one way in which those of requests are written."""
    from wardian.egress.destination import NoDestination, parse_url  # noqa: PLC0415 - for plugins that make requests

    try:
        return parse_url(text).url
    except NoDestination:
        return text
