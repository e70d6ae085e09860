"""`wardian.config.secret`: where a secret is read from; never the secret itself."""

import pytest

from wardian.config.secret import SECRET
from wardian.document.node import Node


def test_each_way_to_a_secret_is_exactly_one(project):
    made = project("secrets: {a: {env: A}, b: {file: ./b}, c: {command: [pass, show, c]}}")
    assert made.secrets["c"].command == ("pass", "show", "c")
    assert (made.secrets["a"].env, made.secrets["b"].file) == ("A", "./b")


@pytest.mark.parametrize(
    "wrong",
    [
        "hunter2-hunter2", "{}", "{env: A, file: b}", "{env: 'hunter2-hunter2'}", "[hunter2-hunter2]",
        "{command: pass show hunter2-hunter2}", "{command: []}", "{value: hunter2-hunter2}",
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_without_what_was_written(problems, wrong):
    found = problems(f"secrets: {{a: {wrong}}}")
    assert found
    assert not any("hunter2" in each for each in found)


def test_it_knows_its_keys():
    assert SECRET.known(Node({})) == ("env", "file", "command")
    assert SECRET.inner("env").secret
