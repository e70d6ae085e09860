import pytest

from support.packages import described
from support.wat import wasm_of
from wardian.toolchain.cases.document import read
from wardian.toolchain.cases.running import Bench

# Sends its request to one import and answers with what that answers, be it an error.
ASKS = """
(module
  (import "wardian" "take" (func $take (param i32)))
  (import "%s" "%s" (func $ask (param i32 i32) (result i64)))
  (memory (export "memory") 4)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 65536))
  (func (export "ask") (param i32 i32) (result i64) (local $n i64)
    (local.set $n (call $ask (local.get 0) (local.get 1)))
    (if (i64.eqz (local.get $n)) (then (return (i64.const 0))))
    (call $take (i32.const 1024))
    (if (i64.lt_s (local.get $n) (i64.const 0))
      (then (return (i64.or (i64.const 0x40080000000) (i64.sub (i64.const 0) (local.get $n))))))
    (i64.or (i64.const 0x40000000000) (local.get $n)))
  (func (export "extension_call") (param i32 i32) (result i64) (i64.const 0)))
"""
SYMBOL = {"kind": "extension", "name": "one"}


@pytest.fixture
def run(tmp_path):
    """Runs one case of a guest that passes its request on to an import, and gives its faults."""

    def ran(module, name, capability, text):
        path, cases = tmp_path / "one.wasm", tmp_path / "cases.yaml"
        wishes = {capability: "to ask"}
        path.write_bytes(described(wasm_of(ASKS % (module, name)), SYMBOL, capabilities=wishes))
        cases.write_text("cases:\n  - name: one\n    entry: ask\n" + text)
        with Bench(path) as bench:
            document = read(cases, bench.check)
            return bench.run(document, document.cases[0]).faults

    return ran


def test_a_function_of_the_application_answers_as_the_case_says(run):
    host = "    host: {app: {look_up: [{given: Ada, answer: {id: 7}}, {error: {kind: denied, code: who}}]}}\n"
    assert run("app", "look_up", "app.look_up", host + "    input: Ada\n    output: {id: 7}\n") == ()
    assert run("app", "look_up", "app.look_up", host + "    input: B\n    error: {kind: denied, code: who}\n") == ()


def test_what_the_case_has_no_answer_to_is_not_found_and_told(run):
    faults = run("app", "look_up", "app.look_up", "    input: Bob\n    output: {id: 7}\n")
    assert faults[0].startswith("ask: it failed: [not_found]")
    assert faults[1] == 'note: the case has no answer to app.look_up with "Bob"'


def test_an_action_answers_as_the_case_says(run):
    text = "    host: {actions: {send: {answer: sent}}}\n    input: [send, {}]\n    output: sent\n"
    assert run("wardian", "action_call", "actions", text) == ()


def test_an_extension_answers_by_its_method(run):
    host = "    host: {extensions: {geo: [{method: locate, answer: AT}, {answer: null}]}}\n"
    assert run("wardian", "extension_call", "extensions", host + "    input: [geo, locate, 1]\n    output: AT\n") == ()
    assert run("wardian", "extension_call", "extensions", host + "    input: [geo, x, 1]\n    output: null\n") == ()


def test_variables_and_texts_are_those_of_the_case(run):
    host = "    host: {vars: {name: Ada}}\n"
    assert run("wardian", "vars_get", "vars", host + "    input: name\n    output: Ada\n") == ()
    text = '    input: "Hello, {{ name }}"\n    output: Hello, Ada\n'
    assert run("wardian", "template_expand", "template", host + text) == ()


def test_a_server_answers_as_the_case_says_and_nothing_is_sent(run):
    host = """\
    host:
      http:
        - {url: "https://api.example/v1?a=1", body: {ok: true}, headers: {x-a: b}}
        - {url: "https://api.example/", method: POST, status: 404}
        - {url: "https://api.example/", error: {kind: transient, message: down}}
"""
    ask = lambda text: run("wardian", "http_request", "http", host + text)  # noqa: E731
    assert ask(
        '    input: {method: GET, url: "HTTPS://API.example:443/v1?a=1"}\n'
        "    output: {status: 200, headers: {x-a: b}, body: \"h'7b226f6b223a20747275657d'\"}\n"
    ) == ()  # fmt: skip
    assert ask('    input: {method: POST, url: "https://api.example/"}\n'
               "    output: {status: 404, headers: {}, body: \"h''\"}\n") == ()  # fmt: skip
    assert (
        ask('    input: {method: GET, url: "https://api.example/"}\n    error: {kind: transient, message: down}\n')
        == ()
    )
    faults = ask('    input: {method: GET, url: "https://other.example/"}\n    output: null\n')
    assert faults[1] == "note: the case has no answer to GET https://other.example/"


def test_log_lines_are_compared_one_by_one(run):
    good = "    input: [2, hello]\n    logs: [hello]\n"
    assert run("wardian", "log", "state", good) == ()
    assert run("wardian", "log", "state", "    input: [3, hello]\n    logs: [{level: warn, message: hello}]\n") == ()
    (fault,) = run("wardian", "log", "state", "    input: [3, hello]\n    logs: [{level: info, message: hello}]\n")
    assert fault == 'ask: logs[0]: expected "info: hello", got "warn: hello"'
    (fault,) = run("wardian", "log", "state", "    input: [2, hello]\n    logs: []\n")
    assert fault == 'ask: logs: expected 0 items, got 1: ["info: hello"]'
