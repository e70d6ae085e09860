from hypothesis import given
from hypothesis import strategies as st

from wardian.expression.written import json_of, text_of, weight

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=5),
)


@given(plain)
def test_what_is_written_as_json_is_read_back_as_it_was(value):
    import json

    assert json.loads(json_of(value)) == value


def test_a_text_stands_as_it_is_and_in_json_in_quotes():
    assert (text_of('a"b'), json_of('a"b')) == ('a"b', '"a\\"b"')


@given(plain)
def test_a_weight_is_at_least_the_characters_and_the_values(value):
    # A number takes up to 20 characters, an escaped one of a text six, and each value a comma or a colon.
    assert weight(value, 10**6) >= len(json_of(value)) // 22


def test_a_weight_is_not_looked_for_further_than_asked():
    many = [0] * 1000
    for _ in range(20):
        many = [many] * 100
    assert 50 < weight(many, 50) < 5_000
