"""`Tracing`: one trace from a source to the sinks; by itself it traces nothing, and costs nothing.

Only this file and `trace_export.py` know OpenTelemetry, which is imported only where traces are asked for.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from opentelemetry.trace import Link, TracerProvider

    from wardian.errors import WardianError
    from wardian.record import Value

KEY: Final = "traceparent"  # the name in a record's `meta`, and in W3C's Trace Context
_LINKS: Final = 32  # links of one span at most
_NOTHING: Final = contextlib.nullcontext()


class Tracing:
    """What is called of a pipeline that is not traced; `OpenTelemetry` traces."""

    def polled(self, pipeline: str, source: str, values: Sequence[Value], began_ns: int) -> None:
        """A poll that began then has just given these records: they are marked in place as of its trace."""

    def batch(self, pipeline: str, values: Iterable[Value]) -> AbstractContextManager[object]:  # noqa: ARG002 - as below
        """While records that were polled are taken through steps and sinks; on the thread that does it."""
        return _NOTHING

    def member(self, name: str, role: str, plugin: str, records: int) -> AbstractContextManager[object]:  # noqa: ARG002 - for who traces
        """While a step or sink takes records of the batch; what is raised is noted."""
        return _NOTHING

    def failed(self, error: WardianError) -> None:
        """A record of the batch failed on a member, alone."""


UNTRACED: Final = Tracing()


class OpenTelemetry(Tracing):
    """Traces to a provider. All methods may be called from any thread.

    Args:
        provider: takes the spans; it stays its caller's.
    """

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry import trace  # noqa: PLC0415 - 60 ms, for who asks for traces
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        self._trace, self._carrier = trace, TraceContextTextMapPropagator()
        self._tracer = provider.get_tracer("wardian")

    def polled(self, pipeline: str, source: str, values: Sequence[Value], began_ns: int) -> None:
        """Each poll that gave records begins a trace. Where a record says that it is of another one, that is linked.

        What a plugin says of traces is not followed: it could attach records to the traces of others.
        """
        if not values:
            return
        span = self._tracer.start_span(
            f"poll {source}", context=self._trace.set_span_in_context(self._trace.INVALID_SPAN),
            kind=self._trace.SpanKind.PRODUCER, start_time=began_ns, links=self._links(_parents(values)),
            attributes={"wardian.pipeline": pipeline, "wardian.member": source, "wardian.records": len(values)},
        )  # fmt: skip
        carried: dict[str, str] = {}
        self._carrier.inject(carried, self._trace.set_span_in_context(span))
        span.end()
        for value in values:
            meta = value.get("meta")
            value["meta"] = {**(meta if isinstance(meta, dict) else {}), KEY: carried[KEY]}

    @contextlib.contextmanager
    def batch(self, pipeline: str, values: Iterable[Value]) -> Iterator[None]:
        """A batch goes on with the trace of its first record, and is linked to those of the others."""
        values = list(values)
        parents = _parents(values)
        first = parents.pop(0) if parents else ""
        with self._tracer.start_as_current_span(
            f"batch {pipeline}", context=self._carrier.extract({KEY: first}), kind=self._trace.SpanKind.CONSUMER,
            links=self._links(parents), attributes={"wardian.pipeline": pipeline, "wardian.records": len(values)},
        ):  # fmt: skip
            yield

    @contextlib.contextmanager
    def member(self, name: str, role: str, plugin: str, records: int) -> Iterator[None]:
        """A span within that of the batch."""
        attributes: Mapping[str, Any] = {
            "wardian.member": name, "wardian.role": role, "wardian.plugin": plugin, "wardian.records": records,
        }  # fmt: skip
        with self._tracer.start_as_current_span(f"{role} {name}", attributes=attributes):
            yield

    def failed(self, error: WardianError) -> None:
        """An event of the span of the member."""
        span = self._trace.get_current_span()
        if span.is_recording():
            span.add_event("record failed", {"wardian.code": error.code, "wardian.error": str(error)[:1_000]})
            span.set_status(self._trace.Status(self._trace.StatusCode.ERROR, "records failed"))

    def _links(self, parents: Sequence[str]) -> list[Link]:
        made = []
        for each in parents[:_LINKS]:
            context = self._trace.get_current_span(self._carrier.extract({KEY: each})).get_span_context()
            if context.is_valid:
                made.append(self._trace.Link(context))
        return made


def traceparent(value: Value) -> str:
    """The trace that a record is of, as W3C's Trace Context writes it, or an empty text."""
    meta = value.get("meta")
    given = meta.get(KEY) if isinstance(meta, dict) else None
    return given if isinstance(given, str) else ""


def _parents(values: Sequence[Value]) -> list[str]:
    """The traces of records, each once, in their order."""
    return [each for each in dict.fromkeys(map(traceparent, values)) if each]
