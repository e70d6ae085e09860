import pytest

from support.canned import Each, Fails, canned
from wardian.errors import PackageError, WardianError
from wardian.toolchain.cases.live import Live

SYMBOL = {"kind": "action", "name": "one"}


@pytest.fixture
def built(tmp_path):
    """Writes the next build."""

    def write(replies, *symbols):
        path = tmp_path / "one.wasm"
        path.write_bytes(canned(replies, *symbols))
        return path

    return write


def test_the_latest_build_is_called_with_what_it_costs(built):
    with Live({}, None, lambda _: None) as live:
        live.swap(built({"action_call": Each((1, 2))}, SYMBOL))
        assert [live.call("action_call", None).value for _ in range(2)] == [1, 2]
        live.swap(built({"action_call": 7}, SYMBOL))
        outcome = live.call("action_call", None)
        assert (outcome.value, outcome.receipt.reply_bytes) == (7, 1)


def test_a_build_that_does_not_open_leaves_the_former_one(built):
    with Live({}, None, lambda _: None) as live:
        live.swap(built({"action_call": 1}, SYMBOL))
        for replies, symbols in (({"action_call": 2, "plugin_open": Fails("config")}, (SYMBOL,)), ({"a": 1}, ())):
            with pytest.raises(WardianError):
                live.swap(built(replies, *symbols))
        assert live.call("action_call", None).value == 1


def test_a_configuration_goes_over_the_defaults(built):
    with Live({"size": 1}, None, lambda _: None) as live:
        with pytest.raises(WardianError, match="takes no configuration"):
            live.swap(built({"action_call": 1}, SYMBOL))
        live.swap(built({"action_call": 1, "plugin_open": None}, SYMBOL))


def test_an_entry_point_that_there_is_not_is_told(built):
    with Live({}, None, lambda _: None) as live:
        live.swap(built({"action_call": 1}, SYMBOL))
        with pytest.raises(PackageError, match="no entry point"):
            live.call("other", None)
        live.end()
