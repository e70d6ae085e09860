"""`wardian.pipeline.trace_export`: traces as the environment asks for them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from wardian.errors import ConfigError
from wardian.pipeline.trace_export import tracing_from
from wardian.pipeline.tracing import OpenTelemetry, Tracing

CONSOLE = {"OTEL_TRACES_EXPORTER": "console"}


def fresh(program, **environ):
    """What a fresh interpreter prints that runs this program."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False,
        env={"PYTHONPATH": ":".join(sys.path), **environ},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "environ",
    [{}, {"OTEL_TRACES_EXPORTER": "none"}, CONSOLE | {"OTEL_SDK_DISABLED": "true"}, {"OTEL_SERVICE_NAME": "x"}],
)
def test_who_asks_for_no_traces_has_none(environ):
    with tracing_from(environ) as tracing:
        assert type(tracing) is Tracing


def test_nothing_of_opentelemetry_is_imported_where_no_traces_are_asked_for():
    program = """
import sys
from wardian.pipeline.trace_export import tracing_from
import wardian.pipeline.run, wardian.cli.main
with tracing_from({}):
    pass
print([name for name in sys.modules if name.startswith("opentelemetry")])
"""
    assert fresh(program) == "[]\n"


def test_where_it_is_not_installed_nothing_is_traced_and_who_asks_is_told_what_to_install():
    program = """
import sys
sys.modules["opentelemetry"] = None
from wardian import ConfigError
from wardian.pipeline.trace_export import tracing_from
from wardian.pipeline.tracing import Tracing
with tracing_from({}) as tracing:
    assert type(tracing) is Tracing
try:
    tracing_from({"OTEL_TRACES_EXPORTER": "console"}).__enter__()
except ConfigError as error:
    print(error.hint)
"""
    assert fresh(program) == "pip install 'wardian[otel]'\n"


def test_spans_go_to_the_exporter_that_is_named_by_the_time_that_it_is_closed():
    program = """
import os
from wardian.pipeline.trace_export import tracing_from
with tracing_from(os.environ, 30.0) as tracing:
    tracing.polled("words", "lines", [{"data": 1}], 1)
"""
    span = json.loads(fresh(program, **CONSOLE))
    assert span["name"] == "poll lines"
    assert span["resource"]["attributes"]["service.name"] == "wardian"
    named = json.loads(fresh(program, OTEL_SERVICE_NAME="mine", **CONSOLE))
    assert named["resource"]["attributes"]["service.name"] == "mine"


@pytest.mark.parametrize(
    ("environ", "package"),
    [
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "opentelemetry-exporter-otlp-proto-http"),
        (
            {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "opentelemetry-exporter-otlp-proto-grpc",
        ),
        ({"OTEL_TRACES_EXPORTER": "console, odd_one"}, "opentelemetry-exporter-odd-one"),
    ],
)
def test_an_exporter_that_is_not_installed_is_told_with_its_package(environ, package):
    with pytest.raises(ConfigError, match="no exporter of traces") as caught, tracing_from(environ):
        pass
    assert caught.value.hint == f"pip install {package}"


def test_a_program_that_has_a_provider_of_its_own_is_traced_to_it():
    program = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from wardian.pipeline.trace_export import tracing_from
with tracing_from({}) as tracing:
    print(type(tracing).__name__)
trace.set_tracer_provider(TracerProvider(shutdown_on_exit=False))
with tracing_from({}) as tracing:
    print(type(tracing).__name__)
"""
    assert fresh(program) == f"{Tracing.__name__}\n{OpenTelemetry.__name__}\n"


def test_an_exporter_that_hangs_keeps_nobody_waiting_at_the_end():
    program = """
import threading, time
from opentelemetry.sdk.trace.export import ConsoleSpanExporter
ConsoleSpanExporter.export = lambda self, spans: threading.Event().wait()
from wardian.pipeline.trace_export import tracing_from
with tracing_from({"OTEL_TRACES_EXPORTER": "console"}, 0.2) as tracing:
    for _ in range(10_000):
        tracing.polled("words", "lines", [{"data": 1}], 1)
print("closed")
"""
    assert fresh(program) == "closed\n"
