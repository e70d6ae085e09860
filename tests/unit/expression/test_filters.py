import pytest

from wardian.errors import ExpressionError
from wardian.expression import evaluate
from wardian.expression.filters import FILTERS, TESTS

SCOPE = {"t": "the tEXT", "n": -2.5, "l": [3, "x", None], "m": {"k": 1}, "none_": None}
FILTERED = [
    ("t|upper", "THE TEXT"), ("t|lower", "the text"), ("t|title", "The Text"), ("t|capitalize", "The text"),
    ("'  a '|trim", "a"), ("'xax'|trim('x')", "a"), ("l|length", 3), ("m|count", 1), ("l|join", "3x"),
    ("l|join(', ')", "3, x, "), ("t|replace('t', 'd')", "dhe dEXT"), ("t|replace('t', 'd', 1)", "dhe tEXT"),
    ("'42'|int", 42), ("'4.9'|int", 4), ("n|int", -2), ("'x'|int(7)", 7), ("'1.5'|float", 1.5), ("none_|float(0)", 0),
    ("2.567|round(2)", 2.57), ("2.5|round", 2.0), ("n|abs", 2.5), ("l|first", 3), ("l|last", None), ("t|first", "t"),
    ("m|tojson", '{"k":1}'), ("t|tojson", '"the tEXT"'), ("n|string", "-2.5"), ("missing|default('d')", "d"),
    ("missing|d(1)", 1), ("'é'|upper|lower", "é"),
]  # fmt: skip
TESTED = [
    ("true is boolean", True), ("t is defined", True), ("4 is divisibleby(2)", True), ("4 is even", True),
    ("false is false", True), ("n is float", True), ("3 is in(l)", True), ("1 is integer", True),
    ("m is mapping", True),
    ("none_ is none", True), ("n is number", True), ("3 is odd", True), ("l is sequence", True), ("t is string", True),
    ("true is true", True), ("missing is undefined", True), ("1 is true", False), ("true is integer", False),
    ("4 is odd", False), ("true is number", False),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), FILTERED + TESTED)
def test_each_filter_and_test_does_what_its_name_says(expression, expected):
    assert evaluate(expression, SCOPE) == expected


def test_all_of_them_are_tested():
    assert {name for name in FILTERS if any(f"|{name}" in each for each, _ in FILTERED)} == FILTERS.keys()
    assert {name for name in TESTS if any(f"is {name}" in each for each, _ in TESTED)} == TESTS.keys()


@pytest.mark.parametrize(
    "expression",
    [
        "n|upper", "l|lower", "5|length", "m|join", "t|join", "'x'|int", "none_|float", "t|round", "t|abs", "m|first",
        "[]|first", "''|last", "t|replace('a')", "t|replace('a', 1)", "t|upper(1)", "1|round(99)", "'a'|int(base=99)",
        "t is divisibleby(2)", "4 is divisibleby(0)", "4 is divisibleby", "t is even", "'nan'|float", "'inf'|float",
        "'9999999999999999999999'|int", "1 is in(2)", "t|trim(1)",
        "t|trim('0123456789' ~ '0123456789' ~ t ~ t ~ t ~ t ~ t ~ t ~ t)",
    ],
)  # fmt: skip
def test_what_a_filter_or_test_cannot_take_is_a_typed_error(expression):
    with pytest.raises(ExpressionError) as caught:
        evaluate(expression, SCOPE)
    assert caught.value.kind in {"invalid", "exhausted"}
