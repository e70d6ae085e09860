"""Emitted records belong to their call: delivered when it succeeds, dropped when it fails, and bounded meanwhile."""

import pytest

from wardian import (
    Cancelled,
    ConfigError,
    DeadlineExceeded,
    Grants,
    GuestError,
    HostFunctionError,
    LimitExceeded,
    Limits,
    Trap,
)
from wardian.guests.guest import Order
from wardian.record import Record

GRANT = Grants(emit=True)
ONE = [{"data": 1}]
THREE = [{"data": 1}, {"data": None, "message": "m", "key": b"k"}, {"data": [2], "tags": {"a": 1}}]


@pytest.fixture
def emits(load):
    """Loads the guest that emits, and what it delivered, call by call."""

    def loaded(on_emit=None, **arguments):
        delivered = []
        taker = delivered.append if on_emit is None else on_emit
        return load("emits", **{"grants": GRANT, "on_emit": taker, **arguments}), delivered

    return loaded


def test_records_are_delivered_as_records_once_their_call_has_succeeded(emits):
    plugin, delivered = emits()
    assert plugin.call("once", THREE) == 3
    assert delivered == [[Record(1), Record(None, message="m", key=b"k"), Record([2], tags={"a": 1})]]
    assert plugin.call("once", ONE) == 1
    assert [len(each) for each in delivered] == [3, 1]


@pytest.mark.parametrize(
    ("entry", "error"), [("and_fail", GuestError), ("and_trap", Trap), ("and_spin", DeadlineExceeded)]
)
def test_records_of_a_call_that_failed_are_dropped_and_never_come_later(emits, entry, error):
    plugin, delivered = emits(limits=Limits(deadline="50ms"))
    with pytest.raises(error):
        plugin.call(entry, THREE)
    assert delivered == []
    assert plugin.call("once", ONE) == 1
    assert delivered == [[Record(1)]]


def test_no_records_are_no_delivery(emits):
    plugin, delivered = emits()
    assert plugin.call("once", []) == 0
    assert delivered == []


def test_a_receipt_says_how_many_were_handed_out(emits):
    plugin, _ = emits()
    assert plugin.invoke("once", THREE).receipt.emitted == 3
    assert plugin.invoke("once", []).receipt.emitted == 0
    assert plugin.invoke("once", THREE).receipt.as_dict()["emitted"] == 3


def test_as_many_as_fit_are_taken_and_the_rest_is_told_to_be_offered_again(emits):
    plugin, delivered = emits(limits=Limits(emitted=2))
    assert plugin.call("once", THREE) == 2
    assert delivered == [[Record(1), Record(None, message="m", key=b"k")]]


def test_a_taker_says_how_many_it_wants(emits):
    class Taker(list):
        wanted = 2

        def __call__(self, records):
            self.extend(records)

        def room(self):
            return self.wanted

    taker = Taker()
    plugin, _ = emits(on_emit=taker)
    assert plugin.call("once", THREE) == 2
    assert plugin.call("once", ONE) == 1
    for wanted in (0, -1):
        taker.wanted = wanted
        assert plugin.call("once", THREE) == 0  # no error: they may be wanted the next time
    assert len(taker) == 3


def test_a_call_may_have_a_taker_of_its_own(emits):
    plugin, delivered = emits()
    own = []
    import cbor2

    assert plugin._perform("once", cbor2.dumps(ONE), Order(taker=own.append)) == b"\x01"
    assert (own, delivered) == ([[Record(1)]], [])


def test_where_nobody_takes_records_none_may_be_handed_out(load):
    plugin = load("emits", grants=GRANT)
    with pytest.raises(GuestError) as caught:
        plugin.call("once", ONE)
    assert caught.value.kind == "denied"


@pytest.mark.parametrize(
    ("records", "where"),
    [
        ([{"data": 1}, {}], "[1]: `data`"), ([{"data": 1, "time": "now"}], "[0]: `time`"),
        ([1], "[0]: expected a record"),
        ([{"data": 1, "x": 1}], "[0]: a record has no field 'x'"), ({"data": 1}, "a list of records"), (None, "a list"),
        ([{"data": 1}, {"data": 1}, {"data": 1, "type": "x"}], "[2]: `type`"),
    ],
)  # fmt: skip
def test_a_wrong_record_is_invalid_by_its_index_and_field_and_nothing_of_its_list_is_taken(emits, records, where):
    plugin, delivered = emits()
    with pytest.raises(GuestError) as caught:
        plugin.call("once", records)
    assert caught.value.kind == "invalid"
    assert where in caught.value.message
    assert delivered == []


def test_a_guest_that_gives_up_on_the_limit_ends_with_it_and_nothing_is_delivered(emits):
    plugin, delivered = emits(limits=Limits(emitted=5))
    with pytest.raises(LimitExceeded) as caught:
        plugin.call("insist", THREE)
    assert (caught.value.limit, caught.value.value, caught.value.asked) == ("emitted", 5, 8)
    assert delivered == []


def test_what_cannot_be_delivered_fails_the_call(emits):
    def refuse(records):
        raise OSError(f"no room for {len(records)}")

    plugin, _ = emits(on_emit=refuse)
    with pytest.raises(HostFunctionError, match="no room for 3") as caught:
        plugin.call("once", THREE)
    assert isinstance(caught.value.__cause__, OSError)


def test_a_taker_that_is_asynchronous_is_refused_and_left_no_coroutine(emits):
    async def take(records):
        """Never runs: a coroutine that nobody awaits would be a warning, and so an error here."""

    plugin, _ = emits(on_emit=take)
    with pytest.raises(HostFunctionError, match="asynchronous"):
        plugin.call("once", ONE)


def test_what_ends_the_program_while_records_are_delivered_passes_as_it_is(emits):
    def interrupt(records):
        raise KeyboardInterrupt

    plugin, _ = emits(on_emit=interrupt)
    with pytest.raises(KeyboardInterrupt):
        plugin.call("once", ONE)


# The same guest, which adds one to a key of its state each time before it offers its records.
KEEPS_AND_EMITS = {
    '(import "wardian" "take"': """(import "wardian" "state_add" (func $add (param i32 i32) (result i64)))
  (import "wardian" "take\"""",
    "(data (i32.const 0)": '(data (i32.const 64) "\\82\\61n\\01") (data (i32.const 0)',
    "(local.set $result (call $emit": """(drop (call $add (i32.const 64) (i32.const 4)))
    (call $take (i32.const 131072))
    (local.set $result (call $emit""",
}


def test_state_is_not_kept_where_records_cannot_be_delivered(load, runtime):
    attempts = []

    def refuse_first(records):
        attempts.append(len(records))
        if len(attempts) == 1:
            raise ValueError("not yet")

    grants = Grants(emit=True, state=True)
    plugin = load("emits", KEEPS_AND_EMITS, name="both", grants=grants, on_emit=refuse_first)
    reads = load("asks", {'"wardian" "log"': '"wardian" "state_get"'}, name="both", grants=Grants(state=True))
    with pytest.raises(HostFunctionError):
        plugin.call("once", ONE)
    assert reads.call("ask", "n") is None
    assert plugin.call("once", ONE) == 1
    assert reads.call("ask", "n") == 1
    assert attempts == [1, 1]


def test_a_cancelled_call_delivers_nothing(emits):
    import threading
    import time

    plugin, delivered = emits(limits=Limits(deadline=20))

    def cancel():
        while not plugin.cancel():
            time.sleep(0.001)

    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(Cancelled):
        plugin.call("and_spin", THREE)
    thread.join()
    assert delivered == []


def test_what_takes_records_needs_the_grant_too(load):
    with pytest.raises(ConfigError) as caught:
        load("echoes", on_emit=print)
    assert caught.value.problems == (
        "on_emit: the plugin may not hand out records; grant it with `Grants(emit=True)`",
    )  # fmt: skip
