"""`wardian.document.node`: values that know where they come from, and how two become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.document.node import Node, below, merged

PLAIN = st.recursive(
    st.none() | st.integers(0, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
MAPS = st.dictionaries(st.sampled_from("abc"), PLAIN, max_size=3)


def both(first, later):
    return merged(Node.of(first), Node.of(later)).plain()


@given(MAPS)
def test_plain_data_becomes_nodes_and_comes_back(value):
    assert Node.of(value).plain() == value


@given(MAPS)
def test_an_empty_map_changes_nothing_and_a_map_over_itself_neither(value):
    assert both({}, value) == both(value, {}) == both(value, value) == value


@given(MAPS, MAPS)
def test_what_is_later_wins_where_both_say_something(first, later):
    made = both(first, later)
    assert made.keys() == first.keys() | later.keys()
    for key, value in later.items():
        if not (isinstance(value, dict) and isinstance(first.get(key), dict)):
            assert made[key] == value


# A map over a map is one of both, but over a scalar it starts anew; so the order of merging counts for mixed types.
@given(
    st.lists(st.dictionaries(st.sampled_from("abc"), st.dictionaries(st.sampled_from("de"), st.integers())), max_size=4)
)
def test_layers_of_maps_can_be_merged_in_any_grouping(layers):
    a, b, c = (Node.of(each) for each in (*layers, {}, {}, {})[:3])
    assert merged(merged(a, b), c).plain() == merged(a, merged(b, c)).plain()


def test_lists_are_replaced():
    assert both({"a": [1, 2], "b": {"c": [3]}}, {"a": [4], "b": {"c": []}}) == {"a": [4], "b": {"c": []}}


def test_each_value_of_a_merge_remembers_where_it_is_from():
    made = merged(Node.of({"a": {"b": 1, "c": 2}}, "first"), Node.of({"a": {"c": 3}}, "later"))
    assert (made.at(["a", "b"]).file, made.at(["a", "c"]).file) == ("first", "later")


@pytest.mark.parametrize(
    ("path", "key", "made"),
    [
        ("", "a", "a"),
        ("a", "b-c", "a.b-c"),
        ("a", "x.y", 'a."x.y"'),
        ("a", "acme/x", "a.acme/x"),
        ("a", "é", 'a."\\u00e9"'),
    ],
)
def test_a_path_says_which_key_is_meant(path, key, made):
    assert below(path, key) == made


def test_what_is_not_there_leads_to_the_last_that_is():
    node = Node.of({"a": [1]})
    assert node.at(["a", 5]).plain() == [1]
    assert node.at(["b", "c"]) is node
    assert [at for at, _ in node.at(["a"]).children("a")] == ["a[0]"]
