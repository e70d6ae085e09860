import pytest

from wardian.errors import ExpressionError
from wardian.expression import evaluate
from wardian.expression.evaluation import MOST_WORK

SCOPE = {"a": {"b": [1, {"c": None}]}, "n": 7, "t": "text", "empty": [], "yes": True, "keys": {"_x": 1}}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a.b[1].c", None), ("a['b'][-2]", 1), ("a.b.0", 1), ("t[0]", "t"), ("keys['_x']", 1), ("[]", []),
        ("(1, 2)", [1, 2]),
        ("{'k': n}", {"k": 7}), ("n > 3 and t", "text"), ("empty or 'none'", "none"), ("not empty", True),
        ("1 < n <= 7", True), ("1 < n < 7", False), ("'e' in t", True), ("'b' in a", True), ("8 not in [7]", True),
        ("'x' if yes else 'y'", "x"), ("'x' if not yes", None), ("n is defined", True), ("m is defined", False),
        ("a.x is undefined", True), ("m|default('d')", "d"), ("a.x|d(1)", 1), ("''|default('d', true)", "d"),
        ("''|default('d', boolean=true)", "d"), ("'a' ~ 1 ~ none ~ true", "a1true"), ("none is none", True),
        ("yes and n or t", 7), ("a == {'b': [1, {'c': none}]}", True),
    ],
)  # fmt: skip
def test_an_expression_means_what_it_says(expression, expected):
    assert evaluate(expression, SCOPE) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "m", "m.x", "a.x.y", "a.b[5]", "n.x", "t.upper", "a.items", "a[1]", "empty[0]", "m is none", "m|upper",
        "not m", "m and 1", "[m]", "{1: 2}",
    ],
)  # fmt: skip
def test_what_is_not_there_is_an_error_and_a_method_never_is(expression):
    with pytest.raises(ExpressionError) as caught:
        evaluate(expression, SCOPE)
    assert caught.value.kind == "invalid"


def test_what_is_left_out_by_a_condition_is_not_looked_at():
    assert evaluate("1 if yes else missing", SCOPE) == 1
    assert evaluate("yes or missing", SCOPE) is True


def test_a_variable_may_be_named_as_often_as_one_likes_and_what_is_made_of_it_is_counted():
    large = "x" * (MOST_WORK // 3)
    assert evaluate("large == large or large", {"large": large}) is True
    with pytest.raises(ExpressionError) as caught:
        evaluate("(large ~ large) ~ (large ~ large)", {"large": large})
    assert caught.value.kind == "exhausted"
