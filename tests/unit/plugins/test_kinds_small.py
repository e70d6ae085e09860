"""What the faces of the kinds do by themselves, before and after the plugin: `lookup`, `function`, `extension`, ….

The rows of the ABI are in `tests/contract/test_kinds.py`; sources and actions have tests of their own there.
"""

import pytest

from support.canned import ECHOES, Does, canned
from wardian.record import Record


@pytest.fixture
def asked(runtime):
    """Uses a guest as a kind; gives the use, and what its entry point was asked."""
    opened = []

    def made(kind, entry, reply=None):
        told = []
        wasm = canned({entry: reply}, f"{kind} one", tells=(entry,))
        opened.append(getattr(runtime.load(wasm, functions={f"told_{entry}": told.append}), kind)())
        return opened[-1], told

    yield made
    for use in opened:
        use.close()


def test_a_lookup_takes_columns_by_name_or_in_two_lists_or_both(asked):
    lookup, told = asked("lookup", "lookup_rows", [])
    lookup.rows(["a"], b=1)
    lookup.rows(["a"], ["no name of Python"], [2], c=None)
    lookup.rows(iter("ab"), fields=1, keys=2)
    assert [(each["keys"], each["values"]) for each in told] == [
        (["b"], [1]), (["no name of Python", "c"], [2, None]), (["fields", "keys"], [1, 2]),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="expected as many values as keys, got 1 keys and 0 values"):
        lookup.rows(["a"], ["b"])


def test_a_function_takes_rows_of_any_kind(asked):
    function, told = asked("function", "function_call", [{"value": 1}, {"value": 2}])
    assert function.rows(iter([("a", 1), ["b", 2]])) == [1, 2]
    assert told == [{"rows": [["a", 1], ["b", 2]]}]
    assert function.aggregate is False


def test_an_action_has_no_parameters_unless_it_is_given_some(asked):
    action, told = asked("action", "action_call", Does(ECHOES))
    assert action() == {"params": None, "vars": {}}
    assert action(vars={"a": 1}) == {"params": None, "vars": {"a": 1}}
    assert len(told) == 2


def test_an_extension_has_an_argument_if_it_is_given_one(asked):
    extension, _ = asked("extension", "extension_call", Does(ECHOES))
    assert extension("m") == {"method": "m", "argument": None}


@pytest.mark.parametrize(
    ("kind", "entry", "method"), [("aggregator", "aggregator_add", "add"), ("sink", "sink_write", "write")]
)
def test_records_may_come_from_anywhere(asked, kind, entry, method):
    use, told = asked(kind, entry)
    getattr(use, method)(Record(number) for number in range(3))
    assert told == [{"records": [{"data": 0}, {"data": 1}, {"data": 2}]}]


def test_what_cannot_be_encoded_is_the_callers_mistake(asked):
    sink, told = asked("sink", "sink_write")
    with pytest.raises(TypeError, match="cannot be encoded"):
        sink.write([Record(object())])
    assert told == []
