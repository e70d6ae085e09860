"""Plugins on the host for tests; each test runs in a process of its own, for a process has one plugin."""

import subprocess
import sys

import pytest


def outcome(plugin, test):
    """Runs a plugin's source and a test of it; what it prints."""
    source = f"import wardian_sdk\nfrom wardian_sdk import *\nfrom wardian_sdk.testing import Host\n{plugin}\n{test}"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


SINGLE = """
class Kept(Extension):
    class Config:
        step: int = 1
        def __post_init__(self):
            if self.step == 0:
                raise ValueError("`step` must not be 0")

    @method
    def add(self, _):
        state.add("n", self.config.step)
        if self.config.step > 8:
            raise Conflict("too much", code="C", details=[1])
        return state.get("n")

    @method
    def fall(self, _):
        return {}["absent"]

    def hidden(self, _):
        return 1
"""


def test_a_configuration_is_read_into_its_class():
    test = """
with Host(config={"step": 3}) as host:
    print(host.call("extension_call", {"method": "add", "argument": None}))
"""
    assert outcome(SINGLE, test) == "3"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"step": "x"}, "`step` must be an integer"),
        ({"step": 0}, "`step` must not be 0"),
        ({"step": True}, "an integer"),
    ],
)
def test_a_configuration_that_does_not_fit_is_refused(config, said):
    test = f"""
try:
    Host(config={config!r}).__enter__()
except BadConfig as refused:
    print(refused)
"""
    assert said in outcome(SINGLE, test)


def test_what_a_failed_call_changed_is_undone_and_its_error_arrives_whole():
    test = """
with Host(config={"step": 9}) as host:
    try:
        host.call("extension_call", {"method": "add", "argument": None})
    except Conflict as failed:
        print(failed.message, failed.code, failed.details, host.state)
"""
    assert outcome(SINGLE, test) == "too much C [1] {}"


def test_another_exception_is_internal_and_its_traceback_is_logged():
    test = """
with Host() as host:
    try:
        host.call("extension_call", {"method": "fall", "argument": None})
    except Internal as failed:
        print(failed, host.logs[0][0], "Traceback" in host.logs[0][1])
"""
    assert outcome(SINGLE, test) == "KeyError: 'absent' error True"


def test_only_marked_methods_can_be_called():
    test = """
with Host() as host:
    try:
        host.call("extension_call", {"method": "hidden", "argument": None})
    except Unimplemented as failed:
        print(failed)
"""
    assert outcome(SINGLE, test) == "there is no method `hidden`; there are add, fall"


def test_of_two_plugins_of_a_kind_the_symbol_chooses():
    plugin = """
class One(Action):
    symbol = "one"
    def call(self, params, vars):
        return 1

class Two(Action):
    symbol = "two"
    def call(self, params, vars):
        return 2
"""
    test = """
for symbol in ("one", "two"):
    with Host(symbol=symbol) as host:
        print(host.call("action_call", {"params": {}, "vars": {}}))
"""
    assert outcome(plugin, test) == "1\n2"


def test_a_plugin_of_a_kind_without_a_name_among_others_is_refused():
    plugin = """
class One(Action): pass
try:
    class Two(Action): pass
except TypeError as wrong:
    print(wrong)
"""
    assert "each has to say its `symbol`" in outcome(plugin, "")


def test_only_what_a_class_has_is_exported():
    plugin = """
class In(Source):
    def request(self, payload, headers):
        return Record(data=payload)

class Out(Sink):
    def write(self, record): pass
"""
    test = "from wardian_sdk.entries import exported\nprint(sorted(exported()))"
    assert outcome(plugin, test) == "['plugin_open', 'sink_write', 'source_request']"


def test_what_is_imported_is_asked_for_and_nothing_else():
    test = "from wardian_sdk import host\nprint([each.name for each in host.imports])"
    script = f"import wardian_sdk\nfrom wardian_sdk import Action, clock, app\napp.function('x')\n{test}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['log', 'clock_now', 'x']"


def test_a_row_that_is_wrong_fails_alone():
    plugin = """
@function
def twice(n, more=0):
    if type(n) is not int:
        raise Invalid("no integer")
    return 2 * n + more
"""
    test = """
with Host() as host:
    print(host.call("function_call", {"rows": [[1], ["x"], [2, 3], []]}))
    try:
        host.call("function_validate", {"args": []})
    except Invalid as refused:
        print(refused)
"""
    said = outcome(plugin, test).splitlines()
    wrong = "{'kind': 'invalid', 'message': '%s'}"
    assert said[0] == f"[{{'value': 2}}, {wrong % 'no integer'}, {{'value': 7}}, {wrong % 'expected 1 to 2 arguments'}]"
    assert said[1] == "expected 1 to 2 arguments"


@pytest.mark.parametrize(
    ("text", "ms"),
    [("250ms", 250), ("1m30s", 90_000), ("1.5s", 1500), ("soon", None), ("", None), ("0s", None), (5, None)],
)
def test_durations_are_read_as_configuration_writes_them(text, ms):
    from wardian_sdk import duration

    if ms is None:
        with pytest.raises(ValueError, match="expected a duration"):
            duration.parse_ms(text)
    else:
        assert duration.parse_ms(text) == ms
