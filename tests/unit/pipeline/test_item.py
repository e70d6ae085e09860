"""`wardian.pipeline.item`: what a record came of, and the key that it is known by."""

from wardian.pipeline.item import Item
from wardian.transport.contract import Entry

ITEM = Item(Entry(7, "numbers", {"data": 1}), "", {"data": 1})


def test_the_only_one_that_came_of_a_record_keeps_its_key_and_several_are_numbered():
    (only,) = ITEM.made([{"data": 2}])
    first, second = only.made([{"data": 3}, {"data": 4}])
    deeper = second.made([{"data": 5}, {"data": 6}])
    assert [each.key("p") for each in (ITEM, only, first, second, *deeper)] == [
        "p/numbers/7/0", "p/numbers/7/0", "p/numbers/7/0", "p/numbers/7/1", "p/numbers/7/1.0", "p/numbers/7/1.1",
    ]  # fmt: skip
    assert ITEM.made([]) == []


def test_a_sink_finds_the_key_in_meta_beside_what_is_there():
    value = {"data": 1, "meta": {"a": 1, "idempotency_key": "of another"}}
    assert ITEM._replace(value=value).keyed("p")["meta"] == {"a": 1, "idempotency_key": "p/numbers/7/0"}
    assert value["meta"]["idempotency_key"] == "of another"
    assert ITEM.keyed("p") == {"data": 1, "meta": {"idempotency_key": "p/numbers/7/0"}}


def test_the_output_of_a_record_is_its_path():
    assert ITEM.path is None
    assert ITEM._replace(value={"data": 1, "path": "bad"}).path == "bad"
