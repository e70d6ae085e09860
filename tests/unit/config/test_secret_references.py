"""`wardian.config.secret_references`: where secrets are asked for, and what is put there."""

import pytest

from wardian.config.secret_references import asked_for, filled, names_in
from wardian.document.node import Node
from wardian.document.secret_text import SecretText

HEAD = "secrets: {api_token: {env: T}, other: {env: O}}\nplugins: {p: {source: ./p.wasm}}\n"


def test_texts_anywhere_in_a_value_are_filled_and_know_that_they_are_secret():
    node = Node.of({"a": ["Bearer ${secret:x}!", 5, "plain"], "b": {"c": "${secret:x}${secret:y}"}})
    made = filled(node, {"x": "one", "y": "two"})
    first, _, plain = (each.value for each in made.at(["a"]).value)
    assert (first.reveal(), made.at(["b", "c"]).value.reveal()) == ("Bearer one!", "onetwo")
    assert isinstance(first, SecretText)
    assert type(plain) is str
    assert node.at(["b", "c"]).value == "${secret:x}${secret:y}"
    assert "one" not in repr(made)


def test_what_is_put_in_is_not_looked_at_again():
    assert filled(Node("${secret:x}"), {"x": "${secret:y}", "y": "no"}).value.reveal() == "${secret:y}"


@pytest.mark.parametrize("text", ["$${secret:x}", "${HOME}", "${ secret:x}", "$secret:x", "{{ secret }}", "${secret}"])
def test_what_asks_for_no_secret_is_text(text):
    made = filled(Node(text), {}).value
    assert type(made) is str
    assert made == text.removeprefix("$" if text.startswith("$$") else "")
    assert names_in(text) == []


def test_a_secret_that_is_not_there_is_no_empty_text():
    with pytest.raises(KeyError):
        filled(Node("${secret:x}"), {})


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("sources: {x: {plugin: p, config: {a: ['${secret:tokn}']}}}", "sources.x.config.a[0]"),
        ("sources: {x: {plugin: p, config: [{a: '${secret:tokn}'}]}}", "sources.x.config[0].a"),
        ("tasks: {t: [{action: 'p:x', params: {a: '${secret:tokn}'}}]}", "tasks.t[0].params.a"),
        ("tasks: {t: [{action: 'p:x', vars: {a: '${secret:tokn}'}}]}", "tasks.t[0].vars.a"),
        ("vars: {a: '${secret:tokn}'}", "vars.a"),
        ("vars: {a: '${secret:}'}", "vars.a"),
        ("vars: {a: '${secret:api_token'}", "vars.a"),
        ("sources: {x: {plugin: p, config: {'${secret:api_token}': 1}}}", "sources.x.config"),
    ],
)
def test_what_cannot_be_filled_is_told_with_its_line(problems, text, path):
    (problem,) = problems(HEAD + text)
    assert (problem.line, problem.path) == (4, path)


def test_only_what_is_asked_for_is_known_to_be_needed(project):
    made = project(
        HEAD + "actions: {a: {plugin: p, config: {k: '${secret:api_token}'}}}\nvars: {x: '$${secret:other}'}"
    )
    assert asked_for(made) == {"api_token"}
