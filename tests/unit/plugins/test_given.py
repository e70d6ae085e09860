import pytest

from wardian.plugins.given import Given
from wardian.policy import Grants, Limits

ALL = Grants(actions=True, extensions=True, vars=True, template=True, emit=True)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"actions": {"a": id}}, "actions: the plugin may not call any; grant it with `Grants(actions=True)`"),
        ({"extensions": {"a": id}}, "extensions: the plugin may not call any"),
        ({"variables": {"a": 1}}, "variables: the plugin may not see any"),
        ({"on_emit": print}, "on_emit: the plugin may not hand out records"),
    ],
)
def test_what_is_given_without_its_grant_is_a_problem(given, problem):
    (found,) = Given(**given).problems(Grants())
    assert found.startswith(problem)
    assert Given(**given).problems(ALL) == []


def test_either_grant_lets_variables_be_seen():
    for grant in ("vars", "template"):
        assert Given(variables={"a": 1}).problems(Grants(**{grant: True})) == []


def test_all_that_is_wrong_is_told_at_once():
    given = Given({1: id, "b": 2}, {"c": 3}, {"": 1}, 5)
    assert given.problems(ALL) == [
        "actions: expected text as a name, got 1", "actions: `b` is not callable", "extensions: `c` is not callable",
        "on_emit: it is not callable",
        "variables: expected a printable name of 1 to 200 characters, got ''",
    ]  # fmt: skip


def test_capabilities_are_made_where_they_are_granted_and_the_variables_are_shared():
    assert set(Given().makers(Grants(), Limits())) == {"variables"}
    makers = Given(variables={"a": 1}).makers(ALL, Limits())
    assert set(makers) == {"variables", "vars", "template", "emit", "actions", "extensions"}
    one, other = makers["variables"](None), makers["variables"](None)
    assert one is not other
    assert one._default is other._default
    assert "1" not in repr(Given(variables={"a": 1}))
