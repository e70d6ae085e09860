"""What an operator settles is checked whole, kept as it was, and never shown."""

import dataclasses

import pytest

from wardian.egress.allowed import AllowList
from wardian.egress.egress import Egress, secrets_for
from wardian.errors import ConfigError


def test_headers_belong_to_an_origin():
    headers = {
        "api.test": {"X-Key": "a"}, "API.test:8443": {"X-Key": "b"}, "http://127.0.0.1:8080": {"X": "c"},
        "[::1]:443": {"X": "d"},
    }  # fmt: skip
    allowed = AllowList(["api.test", "api.test:8443", "127.0.0.1:8080", "[::1]"])
    assert secrets_for(Egress(headers=headers), allowed) == {
        ("https", "api.test", 443): (("x-key", "a"),), ("https", "api.test", 8443): (("x-key", "b"),),
        ("http", "127.0.0.1", 8080): (("x", "c"),), ("https", "::1", 443): (("x", "d"),),
    }  # fmt: skip


def test_every_wrong_entry_is_named_at_once():
    with pytest.raises(ConfigError) as caught:
        Egress(headers={"a b": {}, "api.test": {"Host": "a"}, "b.test": 1})
    assert len(caught.value.problems) == 3


def test_a_header_for_a_host_that_is_not_granted_is_refused():
    with pytest.raises(ConfigError) as caught:
        secrets_for(Egress(headers={"b.test": {"X": "hidden"}, "c.test": {}}), AllowList(["a.test", "b.test:444"]))
    assert len(caught.value.problems) == 2
    assert "hidden" not in str(caught.value)


def test_it_is_frozen_and_does_not_follow_its_maker():
    given = {"a.test": {"X": "a"}}
    egress = Egress(headers=given)
    given["a.test"]["X"] = "changed"
    given["b.test"] = {}
    assert egress.headers == {"a.test": {"X": "a"}}
    assert secrets_for(egress, AllowList(["a.test"])) == {("https", "a.test", 443): (("x", "a"),)}
    with pytest.raises(dataclasses.FrozenInstanceError):
        egress.ca = "other"


def test_its_text_holds_no_header():
    assert repr(Egress(headers={"a.test": {"X": "secret"}}, ca="ca.pem")) == "Egress(ca='ca.pem')"
