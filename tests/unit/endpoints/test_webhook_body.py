"""What a body says goes by its type."""

import pytest

from wardian.endpoints.http_exchange import Head, Refused
from wardian.endpoints.webhook_body import payload_of, require_known


def head(kind=None, **more):
    headers = {**({} if kind is None else {"content-type": kind}), **more}
    return Head("POST", "/", tuple(headers.items()))


@pytest.mark.parametrize(
    ("kind", "body", "data"),
    [
        ("application/json", b'{"a": 1}', {"a": 1}),
        ("Application/JSON; charset=utf-8", b"[]", []),
        ("application/cloudevents+json", b'"x"', "x"),
        ("text/plain", "é".encode(), "é"),
        ("application/octet-stream", b"\xff", b"\xff"),
        (None, b"\xff", b"\xff"),
    ],
)
def test_json_text_and_bytes(kind, body, data):
    require_known(head(kind))
    assert payload_of(head(kind), body) == data


@pytest.mark.parametrize("kind", ["text/html", "application/x-www-form-urlencoded", "multipart/form-data", "jsonx"])
def test_other_types_are_refused(kind):
    with pytest.raises(Refused) as refused:
        require_known(head(kind))
    assert refused.value.answer.status == 415


def test_packed_bodies_are_refused():
    with pytest.raises(Refused) as refused:
        require_known(head("application/json", **{"content-encoding": "gzip"}))
    assert refused.value.answer.status == 415


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'"\\ud800"', b"1" * 100, b'{"a":1,"a":2}'])
def test_case_140_json_that_is_none_or_that_no_plugin_could_be_given_is_refused(body):
    with pytest.raises(Refused) as refused:
        payload_of(head("application/json"), body)
    assert refused.value.answer.status == 400
