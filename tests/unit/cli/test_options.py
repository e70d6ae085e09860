"""`wardian.cli.options`: names and values, and what is said of wrong ones."""

import pytest

from wardian.cli import options
from wardian.cli.usage import Usage


def test_limits_are_read_with_their_units_and_the_last_one_counts():
    made = options.limits(["memory=1MiB", "memory=16MiB", "deadline=250ms", "fuel=1000", "depth=5"])
    assert (made.memory, made.deadline, made.fuel, made.depth) == (16 * 2**20, 0.25, 1000, 5)


def test_fuel_can_be_none():
    assert options.limits(["fuel=5", "fuel=none"]).fuel is None


def test_an_unknown_limit_names_the_nearest_and_all():
    with pytest.raises(Usage, match="no limit `memroy`") as caught:
        options.limits(["memroy=1"])
    assert caught.value.hint.startswith("did you mean `memory`?")
    assert all(name in caught.value.hint for name in options.LIMITS)


def test_all_wrong_limits_are_named_together():
    with pytest.raises(Usage, match=r"memory: .*; deadline: ") as caught:
        options.limits(["memory=1", "deadline=soon"])
    assert "wardian limits" in caught.value.hint


@pytest.mark.parametrize("given", ["memory", "memory=", "memory= "])
def test_a_limit_without_a_value_is_refused(given):
    with pytest.raises(Usage, match="value"):
        options.limits([given])


def test_grants_are_named_and_hosts_are_listed():
    made = options.grants(["state", "http=a.example:443", "http=b.example"])
    assert made.state
    assert not made.clock
    assert made.http == ("a.example:443", "b.example")


@pytest.mark.parametrize("given", ["all", "http", "http=", "http=a b", "state=true", "State", "package", ""])
def test_a_wrong_grant_is_refused_with_a_hint(given):
    with pytest.raises(Usage) as caught:
        options.grants([given])
    assert caught.value.hint


def test_nothing_is_granted_unless_asked_for():
    made = options.grants([])
    assert not any(made.allows(name) for name in options.GRANTS)


def test_set_makes_nested_maps_and_reads_json_or_text():
    made = options.settings({"a": {"b": 1}}, ["a.c=2", "d=text", 'e=[1, {"f": null}]', "g.h.i=true", "j=", "k=a=b"])
    assert made == {
        "a": {"b": 1, "c": 2}, "d": "text", "e": [1, {"f": None}], "g": {"h": {"i": True}}, "j": "", "k": "a=b",
    }  # fmt: skip


def test_set_leaves_what_it_was_given_as_it_was():
    base = {"a": {"b": 1}}
    options.settings(base, ["a.b=2"])
    assert base == {"a": {"b": 1}}


@pytest.mark.parametrize("given", ["a", "=1", "a..b=1", ".a=1", "a.=1"])
def test_a_wrong_set_is_refused(given):
    with pytest.raises(Usage, match="key=value"):
        options.settings({}, [given])


def test_set_does_not_replace_a_value_by_a_map_unasked():
    with pytest.raises(Usage, match="`a` is already set to 5"):
        options.settings({"a": 5}, ["a.b=1"])


def test_variables_are_json_or_text():
    assert options.variables(["a=1", "b=text", 'c={"d": null}', "e=", "f=x=y", "a.b=2"]) == {
        "a": 1, "b": "text", "c": {"d": None}, "e": "", "f": "x=y", "a.b": 2,
    }  # fmt: skip
    for wrong in ("a", "=1"):
        with pytest.raises(Usage, match="name=value"):
            options.variables([wrong])


def test_completion_offers_what_begins_so():
    assert options.complete_limit(None, None, "state_v") == ["state_value="]
    assert options.complete_grant(None, None, "ht") == ["http="]
