"""Traces as the environment asks for them, in the variables of OpenTelemetry."""

from __future__ import annotations

import contextlib
import sys
import threading
from importlib import metadata
from typing import TYPE_CHECKING, Final

from wardian.errors import ConfigError
from wardian.pipeline.tracing import UNTRACED, OpenTelemetry, Tracing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from opentelemetry.sdk.trace.export import SpanExporter

EXPORTER: Final = "OTEL_TRACES_EXPORTER"
_GROUP: Final = "opentelemetry_traces_exporter"  # where exporters are registered by their packages
_PROTOCOL: Final = "OTEL_EXPORTER_OTLP_PROTOCOL"


@contextlib.contextmanager
def tracing_from(environ: Mapping[str, str], grace: float = 5.0) -> Iterator[Tracing]:
    """The tracing that is asked for; at the end of the block the last spans are sent, within so many seconds.

    `OTEL_TRACES_EXPORTER` names one or more exporters that are installed, such as `otlp` or `console`; without it, and
    with `none`, nothing is traced, unless the program has set a provider of its own: then that is traced to.

    Raises:
        ConfigError: the SDK, or an exporter, is not installed.
    """
    names = [name.strip() for name in environ.get(EXPORTER, "").split(",")]
    names = [name for name in names if name and name != "none"]
    if environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        yield UNTRACED
        return
    if not names:
        yield _of_program()
        return
    try:
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - 100 ms, for who asks for traces
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ModuleNotFoundError as error:
        hint = "pip install 'wardian[otel]'"
        raise ConfigError(f"traces need a library that is not installed: {error.name}", hint=hint) from error

    named = "OTEL_SERVICE_NAME" in environ or "service.name" in environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    resource = Resource.create({} if named else {"service.name": "wardian"})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    for name in names:
        # It has a queue with a bound and a thread of its own: an exporter that hangs keeps no record waiting.
        provider.add_span_processor(BatchSpanProcessor(_exporter(name, environ)()))

    try:
        yield OpenTelemetry(provider)
    finally:
        ending = threading.Thread(target=provider.shutdown, name="wardian-traces", daemon=True)
        ending.start()
        ending.join(grace)


def _exporter(name: str, environ: Mapping[str, str]) -> Callable[[], SpanExporter]:
    protocol = "grpc" if environ.get(_PROTOCOL) == "grpc" else "http"
    registered = f"otlp_proto_{protocol}" if name == "otlp" else name
    for found in metadata.entry_points(group=_GROUP, name=registered):
        made: Callable[[], SpanExporter] = found.load()
        return made
    package = f"opentelemetry-exporter-{registered.replace('_', '-')}"
    raise ConfigError(f"there is no exporter of traces `{name}`", where=EXPORTER, hint=f"pip install {package}")


def _of_program() -> Tracing:
    """To the provider that the program has set, if it has."""
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return UNTRACED
    provider = trace.get_tracer_provider()
    return UNTRACED if isinstance(provider, trace.ProxyTracerProvider) else OpenTelemetry(provider)
