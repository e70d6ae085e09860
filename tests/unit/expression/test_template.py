from datetime import UTC, datetime

import pytest

from wardian.errors import ConfigError, ExpressionError
from wardian.expression import Template, evaluate, expand, parsing, require

SCOPE = {"user": {"name": "Ada", "tags": ["a", "b"], "first name": "A"}, "count": 3, "nothing": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""), ("plain { text } %} }}", "plain { text } %} }}"), ("Hello {{ user.name }}!", "Hello Ada!"),
        ("{{user.name}}{{count}}", "Ada3"), ("{{ user['first name'] }}", "A"), ("{{ '}}' }}{{ '{{' }}", "}}{{"),
        ("{{ {'a': {'b': 1}} }}", '{"a":{"b":1}}'), ("{{ \"it's\" }}", "it's"), ("{{ 'a\\'}}b' }}", "a'}}b"),
        ("{{\n user\n.\nname }}", "Ada"), ("{# no comment #}", "{# no comment #}"), ("{{ 'ü\u2028' }}", "ü\u2028"),
    ],
)  # fmt: skip
def test_a_placeholder_becomes_what_its_expression_gives_and_all_else_stays(text, expected):
    assert expand(text, SCOPE) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""), (True, "true"), (False, "false"), (3, "3"), (-0.5, "-0.5"), (1e300, "1e+300"),
        (2**64 - 1, str(2**64 - 1)),
        ('te"xt', 'te"xt'), ([1, None, "ü\n"], '[1,null,"ü\\n"]'), ({"a": [True]}, '{"a":[true]}'),
        (datetime(2024, 2, 29, 12, tzinfo=UTC), "2024-02-29T12:00:00Z"),
        ([datetime(2024, 2, 29, 12, 0, 0, 5, tzinfo=UTC)], '["2024-02-29T12:00:00.000005Z"]'),
    ],
)  # fmt: skip
def test_values_are_written_as_json_writes_them_but_for_texts_and_null(value, expected):
    assert expand("{{ value }}", {"value": value}) == expected


@pytest.mark.parametrize("value", [b"bytes", [b"bytes"], float("inf"), {"a": float("nan")}, {b"k": 1}])
def test_what_has_no_text_is_invalid(value):
    with pytest.raises(ExpressionError) as caught:
        expand("{{ value }}", {"value": value})
    assert caught.value.kind == "invalid"


def test_an_undefined_name_is_an_error_that_names_those_near_it():
    with pytest.raises(ExpressionError) as caught:
        expand("{{ cuont }}", SCOPE)
    assert caught.value.kind == "invalid"
    assert "`cuont` is not defined" in caught.value.message
    assert caught.value.hint == "did you mean `count`?"
    assert caught.value.where == "`cuont`"
    with pytest.raises(ExpressionError, match="`nmae` is not defined\nhint: did you mean `name`"):
        expand("{{ user.nmae }}", SCOPE)


@pytest.mark.parametrize("text", ["{{ count", "{{ 'open }}", "{{ {'a': 1 }}", "{% ls", "{{ } }}", "a {{ 1 } 2 }}"])
def test_a_placeholder_that_does_not_end_is_invalid(text):
    with pytest.raises(ExpressionError, match="does not end"):
        Template(text)


@pytest.mark.parametrize(
    "expression",
    [
        "", " ", "1 2", "count +", "count if", "a b", "}}", "1 }} {{ 2", "{{ 1 }}", "a = 1", "{% if a %}", "'\\x'",
        "9" * 5000, "@", "a.", "#",
    ],
)  # fmt: skip
def test_what_is_no_expression_is_invalid_and_shown(expression):
    with pytest.raises(ExpressionError) as caught:
        evaluate(expression, SCOPE)
    assert caught.value.kind == "invalid"
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


def test_a_command_needs_a_shell_and_is_given_to_it_as_it_stands():
    for text in ("{% ls -l %}", "{{ count }} {% rm -rf / %}", "{%%}"):
        with pytest.raises(ExpressionError) as caught:
            expand(text, SCOPE)
        assert caught.value.kind == "denied"
    ran = []
    assert expand("a {% ls -l '{{ count }}' %} b", SCOPE, lambda command: ran.append(command) or "out") == "a out b"
    assert ran == ["ls -l '{{ count }}'"]


def test_a_template_is_parsed_once_and_expanded_often():
    template = Template("{{ n }}+")
    assert [template.expand({"n": n}) for n in range(3)] == ["0+", "1+", "2+"]


def test_an_expression_gives_plain_values_and_not_text_alone():
    assert evaluate("[count, user.name, {'a': none}]", SCOPE) == [3, "Ada", {"a": None}]


def test_without_jinja2_it_is_said_what_to_install(monkeypatch):
    import sys

    parsing._jinja.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    try:
        with pytest.raises(ConfigError) as caught:
            require()
    finally:
        monkeypatch.undo()
        parsing._jinja.cache_clear()
    assert "jinja2" in caught.value.message
    assert "wardian[tasks]" in caught.value.hint
    require()


def test_jinja2_is_imported_when_the_first_text_is_parsed_and_not_before():
    import subprocess
    import sys

    program = (
        "import sys, wardian.expression as e, wardian.cli.main, wardian.plugins.load\n"
        "assert 'jinja2' not in sys.modules\n"
        "e.Template('{{ 1 }}')\n"
        "assert 'jinja2' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
