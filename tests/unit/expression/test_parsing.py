import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wardian.errors import ExpressionError
from wardian.expression import parsing
from wardian.expression.parsing import Parser, split


def test_a_text_is_split_into_what_stands_and_what_is_replaced():
    assert split("a{{ b }}c{% d %}{{ '}}' }}") == [
        ("text", "a"), ("expression", " b "), ("text", "c"), ("command", " d "), ("expression", " '}}' "),
    ]  # fmt: skip


@example("{{ '\\'\\'\\'" * 100)
@given(st.text("{}%'\"\\ ab[]", max_size=60))
def test_any_text_is_split_into_all_of_itself_or_refused(text):
    try:
        parts = split(text)
    except ExpressionError as error:
        if error.kind != "invalid":
            raise
        return
    marks = {"text": ("", ""), "expression": ("{{", "}}"), "command": ("{%", "%}")}
    assert "".join(marks[kind][0] + content + marks[kind][1] for kind, content in parts) == text


@given(st.text("abn.|()[]{}'\"+-*/%~<>=!,: \n0123456789_notinis\\é", max_size=80))
def test_any_text_is_an_expression_or_a_typed_error(text):
    try:
        Parser().parse(text)
    except ExpressionError as error:
        if error.kind not in {"invalid", "exhausted"}:
            raise


@pytest.mark.parametrize(
    "source",
    [
        "f()", "a.f(1)", "a[1:2]", "a|map('x')", "a|format(1)", "a|attr('x')", "a|center(9)", "a is callable",
        "a is sameas(1)", "a.__class__", "a._x", "a|default(*b)", "a|default(**b)", "self.x()", "a is filter",
    ],
)  # fmt: skip
def test_what_is_not_on_the_list_is_refused_when_it_is_parsed(source):
    with pytest.raises(ExpressionError) as caught:
        Parser().parse(source)
    assert caught.value.kind == "invalid"


def test_every_node_of_jinja_is_on_the_list_or_refused():
    from jinja2 import nodes

    def below(kind):
        for each in kind.__subclasses__():
            yield each.__name__
            yield from below(each)

    allowed = {each for each in below(nodes.Node) if each in parsing.KNOWN}
    assert allowed == parsing.KNOWN
    assert allowed.isdisjoint({"Call", "Slice", "For", "Assign", "Macro", "Include", "Import", "EnvironmentAttribute"})


@pytest.mark.parametrize(
    "source",
    [
        "(" * 17 + "1" + ")" * 17, "[" * 17 + "]" * 17, "-" * 17 + "1", "not " * 17 + "a",
        "1 if a else " * 17 + "1", "+".join("1" * 101), "a" + "|d" * 101, "a" + ".b" * 101, "a" + "[0]" * 101,
    ],
    ids=["parentheses", "lists", "signs", "nots", "conditions", "sum", "filters", "keys", "items"],
)  # fmt: skip
def test_what_nests_too_deep_is_refused_by_its_tokens_or_its_levels(source):
    with pytest.raises(ExpressionError) as caught:
        Parser().parse(source)
    assert caught.value.kind == "exhausted"


def test_all_expressions_of_a_text_share_the_bound_on_their_parts():
    parser = Parser()
    with pytest.raises(ExpressionError, match="at most 2000 parts"):  # noqa: PT012 - any of them may be the last
        for _ in range(50):
            parser.parse(",".join("1" * 30).join("[]"))
