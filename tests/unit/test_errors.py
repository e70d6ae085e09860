import inspect
import pickle

import pytest

import wardian
from wardian import errors
from wardian.errors import ConfigError, GuestError, LimitExceeded, PermissionDenied, Trap, WardianError

TYPES = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, WardianError)]
LIMITS = [each for each in TYPES if issubclass(each, LimitExceeded)]


def make(kind):
    if issubclass(kind, LimitExceeded):
        return kind("too much", value=5, asked=6, where="plugin: entry", hint="less")
    if issubclass(kind, (GuestError, errors.CapabilityError, errors.ExpressionError)):
        return kind("invalid", "too much")
    return kind("too much", where="plugin: entry", hint="less")


def test_every_error_is_public():
    assert [each.__name__ for each in TYPES if getattr(wardian, each.__name__, None) is not each] == []


def test_every_error_has_a_code_of_its_own():
    codes = [each.code for each in TYPES]
    assert sorted(set(codes)) == sorted(codes)
    assert all(code.islower() and code.isidentifier() for code in codes)


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_an_error_says_what_and_where_and_what_next(kind):
    error = make(kind)
    assert error.message == "too much"
    assert "too much" in str(error)
    if error.where:
        assert str(error).startswith("plugin: entry: ")
    if error.hint:
        assert str(error).endswith("\nhint: less")


@pytest.mark.parametrize("kind", LIMITS, ids=lambda kind: kind.__name__)
def test_a_limits_error_knows_its_limit(kind):
    error = make(kind)
    assert (error.value, error.asked) == (5, 6)
    assert kind is LimitExceeded or hasattr(wardian.Limits(), error.limit)
    assert kind("too much", value=5, limit="depth").limit == "depth"


def test_a_configuration_error_lists_every_problem():
    error = ConfigError("wrong", problems=["a: no", "b: no"], where="file", hint="mend it")
    assert str(error) == "file: wrong\n  a: no\n  b: no\nhint: mend it"


def test_a_trap_shows_its_backtrace():
    error = Trap("gave up", backtrace=["inner+0x1", "outer+0x2"], where="p", hint="tell the author")
    assert str(error) == "p: gave up\n  at inner+0x1\n  at outer+0x2\nhint: tell the author"


def test_a_guests_error_shows_its_kind():
    assert str(GuestError("not_found", "no Ada", where="p: e")) == "p: e: [not_found] no Ada"


def test_a_denial_keeps_what_was_denied():
    assert PermissionDenied("no", imports=["wardian.log"]).imports == ("wardian.log",)


@pytest.mark.parametrize("error", [
    errors.GuestError("transient", "later", guest_code="c", retry_after_ms=5, details={"a": 1}, where="p: e"),
    errors.MemoryExceeded("too much", value=1, asked=2, hint="less", backtrace=("f",)),
    errors.CapabilityError("invalid", "no"),
    errors.ConfigError("wrong", problems=["a: b"]),
    errors.Trap("gave up", code="unreachable", backtrace=("f",), exit_code=3),
])  # fmt: skip
def test_an_error_comes_whole_out_of_another_process(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))
