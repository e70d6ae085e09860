"""The C SDK's functions for what a running job has, driven by the runtime itself, with real answers and errors."""

import subprocess
import sys
from pathlib import Path

import pytest

from wardian import Grants, GuestError, LimitExceeded, Limits
from wardian.record import Record

SDK = Path(__file__).parents[2] / "sdk" / "c"
GRANTS = Grants(
    state=True, clock=True, random=True, emit=True, http=["localhost"], template=True, vars=True, actions=True,
    extensions=True,
)  # fmt: skip


@pytest.fixture(scope="session")
def probe_wasm(shared_folder):
    """The probe without its entry points for what other tests drive."""
    source = shared_folder / "probe_of_capabilities.c"
    text = (SDK / "probe" / "probe.c").read_text("utf-8")
    first, _, rest = text.partition("WARDIAN_ENTRY(probe_http_request) {")
    assert rest
    source.write_text(first + rest.partition("\n}\n")[2], "utf-8")
    output = source.with_suffix(".wasm")
    command = [sys.executable, str(SDK / "wardian-cc"), str(source), "-o", str(output)]
    subprocess.run(command, check=True, timeout=300)
    return output


@pytest.fixture
def emitted():
    return []


@pytest.fixture
def probe(runtime, probe_wasm, emitted):
    return runtime.load(
        probe_wasm, name="probe", grants=GRANTS, functions={"probe": lambda item: item}, limits=Limits(emitted=3),
        actions={"notify": lambda params: {"sent": params}}, extensions={"kv": lambda *given: list(given)},
        variables={"name": "Ada", "n": 1}, on_emit=emitted.append,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "request_", "reply"),
    [
        ("probe_template_expand", "for {{ name }}, {{ n + 1 }} times", "for Ada, 2 times"),
        ("probe_vars_get", "name", "Ada"),
        ("probe_vars_get", "absent", None),
        ("probe_action_call", ["notify", {"to": "x"}], {"sent": {"to": "x"}}),
        ("probe_extension_call", ["kv", "get", "k"], ["get", "k"]),
    ],
)
def test_each_function_asks_the_runtime_and_gives_its_answer(probe, entry, request_, reply):
    assert probe.call(entry, request_) == reply


def test_variables_that_are_set_last_from_call_to_call(probe):
    assert probe.call("probe_vars_set", ["v", [1, {"a": None}]]) is None
    assert probe.call("probe_vars_get", "v") == [1, {"a": None}]
    assert probe.call("probe_template_expand", "{{ v }}") == '[1,{"a":null}]'


def test_records_are_emitted_and_the_rest_is_left(probe, emitted):
    assert probe.call("probe_emit", [{"data": n} for n in range(5)]) == 3
    assert emitted == [[Record(0), Record(1), Record(2)]]


@pytest.mark.parametrize(
    ("entry", "request_", "kind"),
    [
        ("probe_emit", [{}], "invalid"),
        ("probe_template_expand", "{{ absent }}", "invalid"),
        ("probe_template_expand", "{% ls %}", "denied"),
        ("probe_vars_set", ["v", "x" * 300_000], "exhausted"),
        ("probe_action_call", ["other", None], "not_found"),
        ("probe_extension_call", ["other", "get", None], "not_found"),
    ],
)
def test_each_error_of_the_runtime_is_passed_on(probe, entry, request_, kind):
    with pytest.raises(GuestError) as caught:
        probe.call(entry, request_)
    assert caught.value.kind == kind


def test_a_quota_that_is_passed_on_is_the_limits_error(runtime, probe_wasm):
    plugin = runtime.load(
        probe_wasm, name="probe", grants=GRANTS, functions={"probe": id}, limits=Limits(emitted=0), on_emit=print
    )
    with pytest.raises(LimitExceeded) as caught:
        plugin.call("probe_emit", [{"data": 1}])
    assert caught.value.limit == "emitted"
