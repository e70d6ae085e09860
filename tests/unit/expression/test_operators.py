import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.errors import ExpressionError
from wardian.expression.operators import combine, compare, fitting, kind_of, sign

KINDS = ["Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"]
ROOM = 1_000


@pytest.mark.parametrize(
    ("kind", "left", "right", "expected"),
    [
        ("Add", 1, 2.5, 3.5), ("Add", "a", "b", "ab"), ("Add", [1], [2], [1, 2]), ("Sub", 1, 2, -1), ("Mul", 3, 4, 12),
        ("Div", 1, 2, 0.5), ("FloorDiv", 7, 2, 3), ("Mod", 7, 4, 3), ("Pow", 2, 10, 1024), ("Pow", 2, -1, 0.5),
        ("Pow", 1, 10**18, 1), ("Pow", -2, 2.0, 4.0),
    ],
)  # fmt: skip
def test_arithmetic_is_that_of_python(kind, left, right, expected):
    assert combine(kind, left, right, ROOM) == expected


@pytest.mark.parametrize(
    ("kind", "left", "right"),
    [
        ("Mul", "a", 10**9), ("Mul", [0], 10**9), ("Mod", "%999999999d", 1), ("Add", "a", 1), ("Add", True, 1),
        ("Div", 1, 0), ("Mod", 1, 0), ("Pow", 9, 9**9), ("Pow", 2**63, 64), ("Pow", 0, -1), ("Pow", -8, 1 / 3),
        ("Mul", 2**63, 2**63), ("Add", 1e308, 1e308), ("Pow", 10.0, 400.0), ("Sub", {}, {}), ("Pow", -1.0, 1e308 * 0.1),
    ],
)  # fmt: skip
def test_what_has_no_result_or_none_of_64_bits_is_invalid(kind, left, right):
    if (kind, left) == ("Pow", -1.0):
        assert combine(kind, left, right, ROOM) == 1.0
        return
    with pytest.raises(ExpressionError) as caught:
        combine(kind, left, right, ROOM)
    assert caught.value.kind == "invalid"


@pytest.mark.parametrize("made", ["x" * 600, [0] * 600], ids=["text", "list"])
def test_what_would_be_longer_than_there_is_room_for_is_not_made(made):
    with pytest.raises(ExpressionError) as caught:
        combine("Add", made, made, ROOM)
    assert caught.value.kind == "exhausted"


values = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=5)


@given(st.sampled_from(KINDS), values, values)
def test_any_two_values_give_a_value_or_a_typed_error(kind, left, right):
    try:
        fitting(combine(kind, left, right, ROOM))
    except ExpressionError as error:
        if error.kind not in {"invalid", "exhausted"}:
            raise


@given(st.sampled_from(["eq", "ne", "lt", "lteq", "gt", "gteq", "in", "notin"]), values, values)
def test_any_two_values_compare_or_are_a_typed_error(kind, left, right):
    try:
        assert compare(kind, left, right) in {True, False}
    except ExpressionError as error:
        if error.kind != "invalid":
            raise


def test_signs_are_for_numbers():
    assert (sign("Neg", 5), sign("Pos", -5)) == (-5, -5)
    for wrong in ("5", True, None, [1]):
        with pytest.raises(ExpressionError):
            sign("Neg", wrong)
    with pytest.raises(ExpressionError):
        sign("Neg", 2**64 - 1)


def test_kinds_have_names_for_people():
    assert [kind_of(each) for each in (None, True, 1, "", [], {})] == [
        "null", "a truth value", "a number", "a text", "a list", "a map",
    ]  # fmt: skip
