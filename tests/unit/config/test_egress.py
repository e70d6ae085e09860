"""How a plugin's requests are made, as a project writes it."""

from __future__ import annotations

import pytest

from wardian.config.egress import EGRESS
from wardian.document.node import Node
from wardian.document.problem import Problems
from wardian.document.shapes import Unfit


def wrong(plain):
    problems = Problems()
    with pytest.raises(Unfit):
        EGRESS.read(Node.of(plain), "plugins.p.egress", problems)
    return str(problems.found[0])


def test_headers_and_authorities_are_read():
    plain = {"headers": {"api.example.com:443": {"Authorization": "Bearer x"}}, "ca": "./ca.pem"}
    made = EGRESS.read(Node.of(plain), "plugins.p.egress", Problems())
    assert made.headers == {"api.example.com:443": {"Authorization": "Bearer x"}}
    assert made.ca == "./ca.pem"


@pytest.mark.parametrize(
    "plain",
    [
        {"headers": {"https://a/b": {"A": "b"}}},
        {"headers": {"": {"A": "b"}}},
        {"headers": {"a": {"A B": "c"}}},
        {"headers": {"a": "b"}},
        {"ca": ""},
    ],
)
def test_what_is_wrong_is_a_problem_with_its_path(plain):
    assert "plugins.p.egress" in wrong(plain)


def test_a_value_that_is_wrong_is_not_shown():
    assert "5" not in wrong({"headers": {"a": {"Token": 5}}})
