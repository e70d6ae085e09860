import pytest

from wardian.errors import ConfigError, PackageError
from wardian.package.manifest import Manifest, Symbol
from wardian.package.version import Version
from wardian.plugins.choice import check_section, choose

SYMBOLS = (Symbol("source", "ticks"), Symbol("function", "one"), Symbol("function", "two"))
MANIFEST = Manifest("acme/all", Version(1, 0, 0), SYMBOLS)


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("source", None, "ticks"), ("source", "ticks", "ticks"), ("function", "two", "two"), (None, "one", "one"),
    ],
)  # fmt: skip
def test_a_symbol_is_found_by_its_kind_and_name(kind, name, expected):
    assert choose(MANIFEST, (), kind, name, "all").name == expected


@pytest.mark.parametrize(
    ("kind", "name", "code", "said"),
    [
        ("function", None, "which_symbol", "2 symbols that fit"),
        (None, None, "which_symbol", "3 symbols that fit"),
        ("sink", None, "no_such_symbol", "has no sink"),
        ("source", "one", "no_such_symbol", "has no source named `one`"),
        ("function", "on\x1be", "no_such_symbol", r"named `on\x1be`"),
    ],
)
def test_what_is_not_there_or_not_clear_is_refused_with_what_there_is(kind, name, code, said):
    with pytest.raises(PackageError) as raised:
        choose(MANIFEST, (), kind, name, "all")
    assert (raised.value.code, raised.value.where) == (code, "all")
    assert said in str(raised.value)
    assert "two" in raised.value.hint


def test_a_module_that_describes_nothing_is_chosen_by_its_entry_points():
    assert choose(None, ("source_request",), "source", None, "all") is None
    assert choose(None, ("mine",), None, None, "all") is None
    assert choose(None, None, "sink", None, "all") is None  # a command decides itself
    with pytest.raises(PackageError, match="it has no `source_poll` or `source_request`"):
        choose(None, ("sink_write",), "source", None, "all")
    with pytest.raises(PackageError, match="it has no `action_call`"):
        choose(None, ("action_cancel",), "action", None, "all")
    with pytest.raises(PackageError, match="does not say what it holds"):
        choose(None, ("sink_write",), "sink", "one", "all")


def test_a_section_has_to_be_there():
    symbol = Symbol("source", "ticks", sections={"fast": {}})
    check_section(symbol, "fast", "all")
    check_section(symbol, None, "all")
    check_section(None, None, "all")
    with pytest.raises(ConfigError, match="there is no section `slow`") as raised:
        check_section(symbol, "slow", "all")
    assert raised.value.hint == "there are: fast"
    with pytest.raises(ConfigError) as raised:
        check_section(None, "fast", "all")
    assert raised.value.hint == "the package has no sections"
