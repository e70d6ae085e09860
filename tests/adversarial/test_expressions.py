"""Texts with placeholders that are written to burn the host's time or memory, or to get at what is not theirs.

Everything here is refused, or done within its bounds: in a second and some megabytes, where a naive one takes hours.
"""

import time
import tracemalloc

import pytest

from wardian.errors import ExpressionError
from wardian.expression import Template, evaluate, expand
from wardian.expression.evaluation import MOST_WORK
from wardian.expression.template import MOST_PLACEHOLDERS, MOST_TEXT

SCOPE = {
    "text": "a" * 200_000,
    "list": [0] * 50_000,
    "deep": {"a": [{"b": ["c"] * 1000}] * 100},
    "user": {"name": "Ada", "__class__": "data", "_secret": 1},
    **{f"{'ab' * 90}{n}": n for n in range(500)},
}

BOMBS = {
    "a text a billion times": "'a' * 10**9",
    "a list a billion times": "[0] * 10**9",
    "a text doubled again and again": "((((text ~ text) ~ (text ~ text)) ~ text) ~ text) ~ text",
    "sums of texts": "+".join(["text"] * 90),
    "a power of powers": "9**9**9",
    "a power of a large number": "(2**63)**(2**63)",
    "a power that takes long": "(10**18)**64**64",
    "a product of large numbers": "(2**63) * (2**63)",
    "a number of many digits": "9" * 5_000,
    "a number of many digits in hex": "0x" + "f" * 60_000,
    "formatting by percent": "'%999999999d' % 1",
    "formatting by a filter": "'%999999999d'|format(1)",
    "formatting by a method": "'{:>999999999}'.format(1)",
    "centring": "'a'|center(10**9)",
    "indenting": "text|indent(10**9)",
    "a range": "range(10**9)",
    "a range in a list": "range(10**9)|list",
    "lipsum": "lipsum(n=10**6)",
    "batches": "list|batch(10**9, 0)|list",
    "joined by what is long": "list|join(text)",
    "replaced nothing by what is long": "text|replace('', text)",
    "replaced each by what is long": "text|replace('a', text)",
    "the same list in itself": "[" + ",".join(["[" + ",".join(["list"] * 30) + "]"] * 30) + "]|tojson|length",
    "the same map in itself": "{" + ",".join(f"'{n}': deep" for n in range(200)) + "}|tojson|length",
    "maps put into texts": "~".join(["deep"] * 400),
    "comparing what is large": " and ".join(["list == list"] * 60),
    "looking in what is large": " or ".join(["'b' in list"] * 60),
    "looking for what is nearly there": " or ".join(["('a' * 0 ~ 'b') in text"] * 60),
    "capitals that grow": "|".join(["('ΐ' ~ text)"] + ["upper"] * 90),
    "trimming one of many": "text|trim(text)",
    "rounding to many digits": "1.5|round(10**9)",
    "deep brackets": "(" * 20_000 + ")" * 20_000,
    "deep lists": "[" * 30_000 + "]" * 30_000,
    "deep maps": "{'a':" * 10_000 + "1" + "}" * 10_000,
    "deep signs": "-" * 60_000 + "1",
    "deep denials": "not " * 15_000 + "1",
    "deep conditions": "1 if 1 else " * 5_000 + "1",
    "deep sums": "+".join("1" * 30_000),
    "deep filters": "1" + "|abs" * 15_000,
    "deep keys": "user" + ".a" * 30_000,
    "deep comparisons": "<".join("1" * 30_000),
    "deep tests": "1" + " is defined" * 5_000,
    "many constants": "[" + "1," * 30_000 + "]",
    "texts side by side": "'a' " * 16_000,
    "quotes that do not end": "'" + "\\'" * 32_000,
    "one quote after another": "\"'" * 32_000,
}


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


@pytest.mark.parametrize("name", BOMBS)
def test_what_would_burn_time_or_memory_is_refused_with_little_of_either(name):
    evaluate("1", {})  # what the first one imports is not its own
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(ExpressionError) as caught:
            evaluate(BOMBS[name], SCOPE)
        took, most = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.kind in {"invalid", "exhausted"}
    assert len(str(caught.value)) < 1_000
    assert took < 5  # measured memory makes all of it several times slower
    assert most < 30 * 2**20


TEXTS = {
    "as many placeholders as fit": "{{1}}" * (MOST_TEXT // 5),
    "more placeholders than allowed": "{{1}}" * (MOST_PLACEHOLDERS + 1),
    "the same large text": "{{text}}" * 500,
    "the same large list": "{{list}}" * 500,
    "placeholders that do not end": "{{" * (MOST_TEXT // 2),
    "quotes that do not end": "{{'" + "\\'" * 32_000,
    "maps that do not end": "{{" + "{" * 60_000,
    "commands that do not end": "{%" * (MOST_TEXT // 2),
    "too long": "a" * (MOST_TEXT + 1),
    "names near a thousand others": "{{" + "ab" * 90 + "}}",
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_of_many_or_of_open_placeholders_is_refused_soon(name):
    began = time.process_time()
    with pytest.raises(ExpressionError):
        expand(TEXTS[name], SCOPE)
    assert time.process_time() - began < 2


def test_missing_names_with_a_default_look_for_no_names_near_them():
    began = time.process_time()
    assert expand("{{ababab|d(1)}}" * 300, SCOPE) == "1" * 300
    assert time.process_time() - began < 2


def test_the_most_that_is_allowed_is_done_in_a_second_or_two():
    began = time.process_time()
    made = Template("{{ text ~ list }}{{ list|length }}").expand(SCOPE)
    assert len(made) < MOST_WORK
    assert time.process_time() - began < 2


REACHING = [
    "''.__class__", "''.__class__.__mro__[1].__subclasses__()", "user.__class__", "user._secret", "''['__class__']",
    "''['up' ~ 'per']", "''|attr('__class__')", "user.items()", "user.items", "user.get('name')", "[].append(1)",
    "(1).__init__", "self", "self._TemplateReference__context", "cycler.__init__.__globals__", "config", "request",
    "lipsum.__globals__", "namespace()", "joiner()", "get_flashed_messages", "''.join", "1 .real", "text.encode()",
    "user|map(attribute='__class__')|list", "user|selectattr('__class__')", "''.format", "'{0.__class__}'.format(1)",
    "loop", "caller()", "super()", "varargs", "kwargs", "_('x')", "url_for.__globals__", "dict(a=1)", "user|xmlattr",
    "text|safe|string|pprint", "user is callable", "x.y = 1", "environment.filters", "__builtins__", "__import__('os')",
]  # fmt: skip


@pytest.mark.parametrize("expression", REACHING)
def test_nothing_but_the_data_of_the_scope_can_be_reached(expression):
    with pytest.raises(ExpressionError):
        evaluate(expression, SCOPE)


@pytest.mark.parametrize(
    "statement",
    [
        "for a in range(10**9)",
        "set x = 1",
        "include '/etc/passwd'",
        "import 'os' as o",
        "macro m()",
        "raw",
        "if 1",
        "do x",
    ],
)
def test_a_statement_of_jinja_is_a_command_like_any_other_and_none_may_be_run(statement):
    with pytest.raises(ExpressionError) as caught:
        expand(f"{{% {statement} %}}x{{% end %}}", SCOPE)
    assert caught.value.kind == "denied"


def test_what_a_placeholder_gives_is_never_expanded_again():
    scope = {"a": "{{ b }}{% rm -rf / %}", "b": "secret"}
    assert expand("{{ a }}{{ '{{ b }}' }}", scope) == "{{ b }}{% rm -rf / %}{{ b }}"


def test_a_stack_that_is_nearly_full_is_a_typed_error_and_no_crash():
    import sys

    def deeper(left):
        return evaluate("((((((((((1+1))))))))))", {}) if left == 0 else deeper(left - 1)

    depth, refused = len(__import__("inspect").stack()), 0
    for left in range(sys.getrecursionlimit() - depth - 150, sys.getrecursionlimit() - depth - 20, 5):
        try:
            assert deeper(left) == 2
        except ExpressionError:
            refused += 1
        except RecursionError:
            break
    assert refused
