import pytest

from wardian.document import reading
from wardian.document.problem import Problems
from wardian.document.shapes import Unfit
from wardian.toolchain.cases.answers import HOST
from wardian.toolchain.cases.document import plain


def host(text):
    problems = Problems()
    try:
        return HOST.read(reading.parse(text, "cases.yaml"), "host", problems)
    except Unfit:
        raise AssertionError(problems.found) from None


def test_one_answer_stands_for_any_request():
    (only,) = host("app: {look_up: {answer: {id: 7}}}").app["look_up"]
    assert only.fits("Ada")
    assert only.fits(None)
    assert plain(only.answer) == {"id": 7}


def test_an_answer_to_a_request_fits_no_other():
    first, last = host("app: {look_up: [{given: Ada, answer: 1}, {answer: null}]}").app["look_up"]
    assert (first.fits("Ada"), first.fits("Bob"), last.fits("Bob")) == (True, False, True)


def test_null_is_a_request_like_any_other():
    (only,) = host("app: {look_up: {given: null, answer: 1}}").app["look_up"]
    assert (only.fits(None), only.fits("Ada")) == (True, False)


def test_an_answer_of_an_extension_may_be_for_one_method():
    (only,) = host("extensions: {geo: {method: locate, answer: AT}}").extensions["geo"]
    assert (only.fits("1.2.3.4", "locate"), only.fits("1.2.3.4", "other")) == (True, False)


def test_an_error_has_a_kind():
    (only,) = host("actions: {send: {error: {kind: transient, message: later, retry_after_ms: 5}}}").actions["send"]
    assert (only.error.kind, only.error.message, only.error.retry_after_ms) == ("transient", "later", 5)


def test_servers_and_variables_are_said_as_they_are():
    made = host("vars: {name: Ada}\nhttp: [{url: 'https://a.example/x', status: 404, body: {a: 1}}]")
    assert made.variables == {"name": "Ada"}
    assert (made.http[0].status, plain(made.http[0].body)) == (404, {"a": 1})


@pytest.mark.parametrize(
    "text",
    ["app: {f: 1}", "app: {f: []}", "app: {f: {}}", "app: {f: {answer: 1, error: {kind: invalid}}}",
     "app: {f: {error: {kind: odd}}}", "http: [{status: 200}]", "http: [{url: x, status: 99}]", "vars: [1]",
     "clock: 1"],
)  # fmt: skip
def test_what_is_no_answer_is_refused(text):
    with pytest.raises(AssertionError):
        host(text)
