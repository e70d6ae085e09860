"""What works with fewer of the extras installed, and what is said where one is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.programs import run

EXAMPLES = Path(__file__).parents[2] / "guest_examples"
EXTRAS = {
    "tasks": ("jinja2",),
    "http": ("h11", "certifi"),
    "schema": ("jsonschema", "re2"),
    "metrics": ("prometheus_client",),
}
METRICS = """
import sys
for name in sys.argv[1].split(","):
    sys.modules[name] = None
import wardian
from wardian.engine.prometheus import Exporter
try:
    Exporter(lambda: None, 0)
except wardian.ConfigError as error:
    print(error.hint)
"""
COMMAND = """
import os, sys
for name in sys.argv[1].split(","):
    sys.modules[name] = None  # as if it were not installed
os.chdir(sys.argv[2])
import wardian
from wardian.cli.main import perform
print("exit code", perform(sys.argv[3:]))
"""
LIBRARY = """
import sys
for name in sys.argv[1].split(","):
    sys.modules[name] = None
import wardian
from wardian.endpoints import open_sink, open_source
with open_source("timer", {"interval": "10ms", "count": 1}) as source:
    assert len(list(source)) == 1
for work in (
    lambda: open_source("webhook", {"listen": "127.0.0.1:0", "token": "a-long-token"}),
    lambda: open_sink("webhook", {"url": "http://127.0.0.1:9/"}),
):
    try:
        work()
    except wardian.ConfigError as error:
        assert "wardian[http]" in error.hint
    else:
        raise AssertionError("it was opened")
print("well")
"""


def without(*extras):
    return ",".join(module for extra in extras for module in EXTRAS[extra])


@pytest.fixture
def folder(tmp_path, c_guest):
    (tmp_path / "c").mkdir()
    shutil.copy(c_guest("hello_world"), tmp_path / "c" / "hello_world.wasm")
    shutil.copy(c_guest("ticker"), tmp_path / "ticker.wasm")
    shutil.copy(EXAMPLES / "hello_world" / "wardian.yaml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        ("task", "hello-world"), ("tasks",), ("check", "wardian.yaml"), ("schema",), ("list", "ticker.wasm"),
        ("source", "ticker.wasm", "--set", "interval=10ms", "--count", "1"),
        ("check", "ticker.wasm", "--only", "requests.empty"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_needs_no_requests_and_has_no_schema_works_without_their_extras(folder, words):
    assert run(COMMAND, without("http", "schema"), folder, *words).endswith("exit code 0\n")


def test_a_text_to_be_expanded_needs_the_extra_that_is_named(folder):
    assert run(COMMAND, without("tasks"), folder, "tasks").endswith("exit code 0\n")
    assert run(COMMAND, without("tasks"), folder, "task", "hello-world").endswith("exit code 5\n")


def test_a_webhook_needs_the_extra_that_is_named_and_a_timer_none():
    assert run(LIBRARY, without("http", "schema", "tasks")) == "well\n"


def test_metrics_need_the_extra_that_is_named():
    assert run(METRICS, without("metrics")) == "pip install 'wardian[metrics]'\n"
    assert run(METRICS, without("http")) == "pip install 'wardian[metrics]'\n"
