"""`wardian.cli.diagnostics`: what, where, what to do next; bounded and printable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian import errors
from wardian.cli.diagnostics import describe, report
from wardian.cli.usage import Usage


def lines(error, **more):
    return list(describe(error, **more))


def test_what_then_where_then_backtrace_then_hint():
    trap = errors.Trap("it gave up", backtrace=("inner+0x1", "outer+0x2"), where="p: run", hint="tell its author")
    assert lines(trap) == [
        "error: it gave up", "  at p: run", "  in inner+0x1", "  in outer+0x2", "hint: tell its author",
    ]  # fmt: skip


def test_nothing_is_said_where_there_is_nothing_to_say():
    assert lines(errors.Trap("it gave up")) == ["error: it gave up"]


def test_a_guests_error_shows_kind_code_waiting_and_details():
    error = errors.GuestError("transient", "busy", guest_code="E7", retry_after_ms=1500, details={"a": 1})
    assert lines(error) == [
        "error: [transient] busy", "  code: E7", "  try again after 1.5s", '  details: {"a": 1}',
    ]  # fmt: skip


def test_all_problems_of_a_configuration_are_listed_and_many_are_cut():
    shown = lines(errors.ConfigError("wrong", problems=[f"p{at}" for at in range(110)], where="a.yaml"))
    assert shown[:4] == ["error: wrong", "  at a.yaml", "  p0", "  p1"]
    assert shown[-1] == "  and 10 more"


def test_a_denied_import_hints_at_the_option_that_grants_it():
    error = errors.PermissionDenied(
        "denied", imports=["wardian.state_get", "wardian.state_put", "wardian.clock_now", "wardian.http_request"],
        hint="grant it with `Grants(state=True)`",
    )  # fmt: skip
    assert lines(error)[-1] == (
        "hint: add `--grant state --grant clock --grant http=HOST:PORT` if you trust the plugin with it"
    )


def test_a_denied_function_of_the_application_is_said_to_need_python():
    error = errors.PermissionDenied("denied", imports=["app.lookup"], hint="pass it with `functions=`")
    assert "`app.lookup`: a function of the application, which only a Python program can offer" in lines(error)[-1]
    assert "--grant" not in lines(error)[-1]


def test_a_limit_hints_at_the_option_that_raises_it():
    error = errors.DeadlineExceeded("too long", value=1.0, hint="raise the limit `deadline`, or give it less")
    assert lines(error)[-1] == "hint: raise it with `--limit deadline=…`, or give it less"


def test_a_wrong_command_line_says_where_and_what_next():
    assert lines(Usage("no such file", where="x.json", hint="check the path")) == [
        "error: no such file", "  at x.json", "hint: check the path",
    ]  # fmt: skip


def test_an_internal_fault_asks_to_report_it():
    shown = lines(KeyError("x"))
    assert shown[0] == "error: internal error: KeyError: 'x'"
    assert "please report" in shown[-1]


def test_a_file_that_cannot_be_written_is_no_internal_fault():
    assert lines(OSError(28, "No space left on device")) == ["error: No space left on device"]


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_traceback_is_shown_only_when_asked_for(debug, monkeypatch, capsys):
    monkeypatch.setenv("WARDIAN_DEBUG", debug)
    with pytest.raises(ZeroDivisionError) as caught:
        int(1 / 0)
    report(caught.value)
    assert ("Traceback" in capsys.readouterr().err) == bool(debug)


def test_an_error_for_one_line_says_which():
    assert lines(errors.Trap("it gave up"), prefix="line 3: ")[0] == "error: line 3: it gave up"


@given(st.text(min_size=1), st.text(), st.text(), st.text(min_size=1))
def test_whatever_a_plugin_says_is_printable_and_bounded(message, where, hint, frame):
    error = errors.Trap(message * 600, backtrace=[frame], where=where, hint=hint)
    for line in describe(error):
        assert line.isprintable()
        assert len(line) < 20_000
