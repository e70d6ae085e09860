import pytest

from support.canned import TRAPS, Does, Each, Fails, canned
from wardian.errors import Cancelled, ConfigError, PackageError
from wardian.toolchain.cases.document import read
from wardian.toolchain.cases.running import Bench

SCHEMA = {"type": "object", "properties": {"size": {"type": "integer", "minimum": 1}}, "additionalProperties": False}
SYMBOL = {"kind": "action", "name": "one", "config": {"schema": SCHEMA, "defaults": {"size": 1},
          "sections": {"large": {"size": 9}}}}  # fmt: skip


@pytest.fixture
def run(tmp_path):
    """Runs cases on a canned guest, and gives the faults of each by its name."""

    def ran(text, replies, *symbols, **package):
        path, cases = tmp_path / "one.wasm", tmp_path / "cases.yaml"
        path.write_bytes(canned(replies, *(symbols or (SYMBOL,)), **package))
        cases.write_text(text)
        with Bench(path) as bench:
            document = read(cases, bench.check)
            return {case.name: bench.run(document, case).faults for case in document.cases}

    return ran


def test_a_reply_is_what_the_case_says_or_it_is_told(run):
    replies = {"action_call": {"text": "Hi"}}
    text = """
cases:
  - {name: right, entry: action_call, output: {text: Hi}}
  - {name: any, entry: action_call}
  - {name: wrong, entry: action_call, output: {text: Hello}}
  - {name: an error, entry: action_call, error: {kind: invalid}}
"""
    assert run(text, replies) == {
        "right": (),
        "any": (),
        "wrong": ('action_call: output.text: expected "Hello", got "Hi"',),
        "an error": ('action_call: expected an error (kind "invalid"), got {"text": "Hi"}',),
    }


def test_an_error_is_compared_in_what_is_said_of_it(run):
    replies = {"action_call": Fails("invalid", "no name", (("code", "name"),))}
    text = """
cases:
  - {name: kind, entry: action_call, error: {kind: invalid}}
  - {name: whole, entry: action_call, error: {kind: invalid, message: no name, code: name}}
  - {name: anything, entry: action_call, error: {}}
  - {name: other, entry: action_call, error: {kind: config, message: nobody}}
  - {name: none, entry: action_call, output: 1}
"""
    found = run(text, replies)
    assert (found["kind"], found["whole"], found["anything"]) == ((), (), ())
    assert found["other"] == (
        'action_call: error.kind: expected "config", got "invalid"',
        'action_call: error.message: expected "nobody", got "no name"',
    )
    assert found["none"] == ("action_call: it failed: [invalid] no name",)


def test_what_ended_a_call_is_named_by_its_code(run):
    text = """
cases:
  - {name: trap, entry: action_call, error: {fault: unreachable}}
  - {name: own, entry: action_call, error: {kind: invalid}}
"""
    found = run(text, {"action_call": Does(TRAPS)})
    assert found["trap"] == ()
    assert found["own"][0].startswith('action_call: error.kind: expected "invalid", got unreachable: ')


def test_calls_of_a_case_have_one_instance_and_cases_have_their_own(run):
    text = """
cases:
  - name: several
    calls: [{entry: action_call, output: 1}, {entry: action_call, output: 2}]
  - {name: anew, entry: action_call, output: 1}
  - name: stops at the first fault
    calls: [{entry: action_call, output: 7}, {entry: action_call, output: 8}]
"""
    found = run(text, {"action_call": Each((1, 2))})
    assert (found["several"], found["anew"]) == ((), ())
    assert found["stops at the first fault"] == ("calls[0]: action_call: output: expected 7, got 1",)


def test_being_opened_is_a_call_as_well(run):
    symbol = {"kind": "source", "name": "one"}
    text = """
cases:
  - {name: opened, entry: plugin_open, output: {interval_ms: 5}}
  - {name: wrong, entry: plugin_open, output: null}
"""
    found = run(text, {"plugin_open": {"interval_ms": 5}, "source_poll": None}, symbol)
    assert found == {"opened": (), "wrong": ('plugin_open: output: expected null, got {"interval_ms": 5}',)}


def test_a_refused_configuration_is_an_error_of_being_opened(run):
    replies = {"plugin_open": Fails("config", "no size"), "action_call": None}
    text = """
cases:
  - {name: expected, entry: plugin_open, error: {kind: config, message: no size}}
  - {name: not expected, entry: action_call}
"""
    found = run(text, replies)
    assert found["expected"] == ()
    assert found["not expected"][0].startswith("plugin_open: config: ")
    assert "no size" in found["not expected"][0]


def test_a_configuration_that_the_schema_refuses_never_reaches_the_plugin(run):
    text = """
cases:
  - {name: refused, entry: plugin_open, config: {size: 0}, error: {kind: config}}
  - {name: not refused, entry: plugin_open, config: {size: 2}, error: {kind: config}}
"""
    found = run(text, {"plugin_open": None, "action_call": None})
    assert found["refused"] == ()
    assert found["not refused"] == ('plugin_open: expected an error (kind "config"), got null',)


def test_what_cases_ask_that_the_plugin_has_not_is_told_at_once_with_lines(run):
    text = """\
cases:
  - name: entry
    entry: action_cal
  - name: symbol
    symbol: two
    entry: action_call
  - name: section
    section: small
    entry: action_call
  - name: config
    config:
      size: none
      other: 1
    entry: action_call
  - name: limits
    limits: {memory: some, memori: 1}
    entry: action_call
"""
    with pytest.raises(ConfigError) as refused:
        run(text, {"plugin_open": None, "action_call": None})
    assert [each.line for each in refused.value.problems] == [3, 5, 8, 12, 13, 16]
    assert "did you mean `action_call`?" in refused.value.problems[0]


def test_a_section_and_the_configuration_of_all_cases_lie_under_that_of_the_case(run):
    text = """
config: {size: 0}
cases:
  - {name: own, entry: action_call, config: {size: 3}}
  - {name: of all, entry: action_call}
"""
    with pytest.raises(ConfigError) as refused:
        run(text, {"plugin_open": None, "action_call": None})
    assert [each.path for each in refused.value.problems] == ["cases[1].config.size"]


def test_of_several_symbols_one_is_named(run):
    text = "cases: [{name: a, entry: action_call}]"
    with pytest.raises(ConfigError) as refused:
        run(text, {"action_call": 1}, {"kind": "action", "name": "a"}, {"kind": "action", "name": "b"})
    assert "the `symbol`, of `a`, `b`" in refused.value.problems[0]


def test_capabilities_are_those_that_the_description_asks_for(run):
    text = "cases: [{name: a, entry: action_call, output: 1, emits: [{data: 5}]}]"
    replies, emits = {"action_call": 1}, {"action_call": [{"data": 5}]}
    assert run(text, replies, SYMBOL, emits=emits, capabilities={"emit": "to hand out"}) == {"a": ()}
    (fault,) = run(text, replies, SYMBOL, emits=emits)["a"]
    assert "permission_denied" in fault
    assert "wardian.emit" in fault


def test_a_limit_of_a_case_is_held_to(run):
    text = "cases: [{name: a, entry: action_call, limits: {reply: 1}, error: {fault: reply_too_large}}]"
    assert run(text, {"action_call": "a long reply"}) == {"a": ()}


def test_a_module_that_says_nothing_of_itself_has_no_cases(tmp_path):
    path = tmp_path / "one.wasm"
    path.write_bytes(canned({"action_call": 1}))
    with pytest.raises(PackageError, match="says nothing of itself"):
        Bench(path)


def test_what_was_ended_runs_no_more(tmp_path):
    path, cases = tmp_path / "one.wasm", tmp_path / "cases.yaml"
    path.write_bytes(canned({"action_call": 1}, SYMBOL))
    cases.write_text("cases: [{name: a, entry: action_call}]")
    with Bench(path) as bench:
        document = read(cases, bench.check)
        bench.end()
        with pytest.raises(Cancelled):
            bench.run(document, document.cases[0])
