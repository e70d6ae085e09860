import copy

from hypothesis import given
from hypothesis import strategies as st

from wardian.plugins.layers import merge_layers

maps = st.recursive(
    st.dictionaries(st.sampled_from("abc"), st.integers() | st.none()),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner | st.integers() | st.lists(st.integers())),
    max_leaves=10,
)


def test_the_later_counts_and_maps_are_merged_key_by_key():
    merged = merge_layers({"a": 1, "m": {"x": 1, "y": {"z": 1}}}, {"a": 2}, [{"m": {"y": {"w": 2}}}, {"b": [3]}])
    assert merged == {"a": 2, "m": {"x": 1, "y": {"z": 1, "w": 2}}, "b": [3]}


def test_what_is_no_map_replaces_one_and_is_replaced_by_one():
    assert merge_layers({"a": {"x": 1}}, {}, [{"a": 5}]) == {"a": 5}
    assert merge_layers({"a": 5}, {}, [{"a": {"x": 1}}]) == {"a": {"x": 1}}
    assert merge_layers({"a": 5}, {"a": None}, []) == {"a": None}


@given(maps, maps, st.lists(maps, max_size=3))
def test_nothing_that_is_merged_is_changed(defaults, section, layers):
    before = copy.deepcopy((defaults, section, layers))
    merge_layers(defaults, section, layers)
    assert (defaults, section, layers) == before


@given(maps, maps, maps)
def test_layers_can_be_merged_in_any_groups(one, two, three):
    assert merge_layers(merge_layers(one, two, []), three, []) == merge_layers(one, {}, [two, three])


@given(maps)
def test_the_empty_layer_changes_nothing(one):
    assert merge_layers({}, one, [{}]) == merge_layers(one, {}, []) == one
