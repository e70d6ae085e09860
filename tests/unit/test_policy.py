import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.errors import ConfigError
from wardian.policy import Grants, Limits

NAMES = [field.name for field in dataclasses.fields(Limits)]


def test_every_limit_is_finite_by_default_but_for_fuel():
    limits = Limits()
    assert limits.fuel is None
    assert [name for name in NAMES if name != "fuel" and not 0 < getattr(limits, name) < 2**40] == []


def test_the_defaults_are_those_of_the_documentation():
    limits = Limits()
    assert (limits.memory, limits.table_elements, limits.stack) == (64 * 2**20, 20_000, 512 * 2**10)
    assert (limits.deadline, limits.start_deadline, limits.compile_time) == (1, 5, 60)
    assert (limits.module, limits.compile_memory) == (32 * 2**20, 2 * 2**30)
    assert (limits.request, limits.reply, limits.items, limits.depth) == (8 * 2**20, 8 * 2**20, 100_000, 64)
    assert (limits.host_calls, limits.log_bytes, limits.log_lines) == (10_000, 65_536, 1_000)
    assert (limits.state_keys, limits.state_bytes, limits.state_value) == (1_000, 2**20, 65_536)
    assert (limits.http_requests, limits.http_time, limits.http_response) == (10, 5, 2**20)
    assert (limits.emitted, limits.instances) == (10_000, 64)


def test_limits_are_written_as_numbers_or_as_text():
    assert Limits(memory="16MiB", deadline="50ms", instances="1_000") == Limits(
        memory=16 * 2**20, deadline=0.05, instances=1_000
    )


def test_limits_are_values():
    assert Limits(memory="1MiB") == Limits(memory=2**20) != Limits()
    assert len({Limits(), Limits(), Limits(depth=3)}) == 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        Limits().memory = 2**30
    assert dataclasses.replace(Limits(fuel=5), depth=3) == Limits(fuel=5, depth=3)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(ConfigError) as caught:
        Limits(memory="much", stack="4MiB", depth=0, deadline=None, instances=True)
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "memory", "stack", "deadline", "depth", "instances",
    ]  # fmt: skip
    assert "64KiB to 2MiB" in str(caught.value)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wrong", [-1, "-1", float("nan"), float("inf"), 2**80, "", [], True, ...], ids=repr)
def test_no_limit_takes_nonsense(name, wrong):
    with pytest.raises(ConfigError, match=name):
        Limits(**{name: wrong})


@given(st.sampled_from(NAMES), st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10))
def test_whatever_is_given_is_a_bounded_number_or_refused(name, value):
    try:
        kept = getattr(Limits(**{name: value}), name)
    except ConfigError as error:
        assert len(error.problems) == 1  # noqa: PT017 - whether it raises is what varies
    else:
        assert kept is None if value is None else 0 <= kept < 2**63


def test_grants_deny_by_default():
    assert [field.name for field in dataclasses.fields(Grants) if Grants().allows(field.name)] == []
    assert not Grants().allows("anything else")


def test_a_grant_allows_what_it_names_and_nothing_else():
    granted = Grants(state=True, http=["example.com"])
    assert [field.name for field in dataclasses.fields(Grants) if granted.allows(field.name)] == ["state", "http"]


@pytest.mark.parametrize("host", ["example.com", "*.example.com", "example.com:443", "[::1]:80", "10.0.0.1", "a"])
def test_a_host_is_a_name_or_an_address_with_or_without_a_port(host):
    assert Grants(http=[host]).http == (host,)


@pytest.mark.parametrize(
    "hosts",
    ["example.com", b"example.com", 1, None, True, [""], ["*"], ["http://a"], ["a b"], ["a/b"], ["a:b"], ["a@b"], [1],
     ["-a"], ["*.*.a"], ["a:123456"], ["a\n"]],
    ids=repr,
)  # fmt: skip
def test_anything_else_is_no_host(hosts):
    with pytest.raises(ConfigError, match="http"):
        Grants(http=hosts)


@pytest.mark.parametrize("value", [1, 0, "yes", None, []])
def test_a_grant_is_true_or_false(value):
    with pytest.raises(ConfigError) as caught:
        Grants(state=value, clock=value)
    assert len(caught.value.problems) == 2


def test_grants_keep_their_hosts_whatever_becomes_of_the_list():
    hosts = ["example.com"]
    granted = Grants(http=hosts)
    hosts.append("evil.example")
    assert granted.http == ("example.com",)
