"""Records are posted; what the server answers decides what becomes of them."""

import json
import time

import pytest

from support.servers import reply
from wardian import ConfigError, Record
from wardian.egress.exchange import Answer
from wardian.endpoints import open_sink
from wardian.endpoints.webhook_sink import judged, retry_after_ms


@pytest.fixture
def sink():
    opened = []

    def made(url, **config):
        opened.append(open_sink("webhook", {"url": url, **config}))
        return opened[-1]

    yield made
    for each in opened:
        each.close()


def test_each_record_is_posted_by_itself(sink, serve):
    server = serve()
    assert sink(server.url + "/in").write([Record(1), Record({"a": b"\x01"}, key="k")]) == [None, None]
    assert [json.loads(each.body) for each in server.asked] == [{"data": 1}, {"data": {"a": "h'01'"}, "key": "k"}]
    first = server.asked[0]
    assert (first.method, first.target, first.headers["content-type"]) == ("POST", "/in", "application/json")


def test_batches_are_lists_of_so_many_records(sink, serve):
    server = serve()
    records = [Record(each) for each in range(250)]
    assert sink(server.url, batch=True).write(records) == [None] * 250
    assert [len(json.loads(each.body)) for each in server.asked] == [100, 100, 50]


def test_a_batch_has_so_many_bytes(sink, serve):
    server = serve()
    sink(server.url, batch=True).write([Record("x" * 400_000)] * 4)
    assert [len(json.loads(each.body)) for each in server.asked] == [2, 2]


def test_a_record_that_json_cannot_say_fails_alone_and_order_is_kept(sink, serve):
    server = serve()
    outcomes = sink(server.url, batch=True).write([Record(1), Record(object()), Record(3)])
    assert [outcome and outcome.kind for outcome in outcomes] == [None, "invalid", None]
    assert [json.loads(each.body) for each in server.asked] == [[{"data": 1}], [{"data": 3}]]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, None), (202, None), (204, None), (299, None), (301, "invalid"), (302, "invalid"), (400, "invalid"),
     (401, "denied"), (403, "denied"), (404, "invalid"), (408, "transient"), (422, "invalid"), (425, "transient"),
     (429, "transient"), (500, "transient"), (503, "transient"), (599, "transient")],
)  # fmt: skip
def test_what_a_status_means(status, kind):
    outcome = judged(Answer(status, {}, b"hush"))
    assert (outcome and outcome.kind) == kind
    assert "hush" not in str(outcome)


@pytest.mark.parametrize(
    ("text", "wait"),
    [("2", 2000), ("0", 0), ("99999999999999", 86_400_000), ("", None), ("soon", None), ("-1", None), ("²", None),
     ("Thu, 01 Jan 1970 00:01:00 GMT", 59_000), ("Thu, 01 Jan 1970 00:00:00 GMT", 0)],
)  # fmt: skip
def test_when_to_come_again(text, wait):
    assert retry_after_ms(text, 1.0) == wait


def test_a_server_that_asks_to_come_again_is_told_to_whoever_retries(sink, serve):
    server = serve(lambda _: reply(status="429 Slow", Retry_After="3"))
    (outcome,) = sink(server.url).write([Record(1)])
    assert (outcome.kind, outcome.retry_after_ms) == ("transient", 3000)


def test_a_redirect_is_not_followed(sink, serve):
    elsewhere = serve()
    server = serve(lambda _: reply(status="307 Elsewhere", Location=elsewhere.url))
    (outcome,) = sink(server.url, headers={"Authorization": "hush"}).write([Record(1)])
    assert outcome.kind == "invalid"
    assert elsewhere.asked == []


def test_nobody_there_and_nobody_who_answers_are_transient_within_a_bound(sink, serve):
    (outcome,) = sink("http://127.0.0.1:1/").write([Record(1)])
    assert outcome.kind == "transient"
    servers = []

    def dripping(_):
        yield b"HTTP/1.1 200 OK\r\n"
        while servers[0].pause(0.02):
            yield b"a"

    servers.append(serve(dripping))
    began = time.monotonic()
    (outcome,) = sink(servers[0].url, timeout="300ms").write([Record(1)])
    assert outcome.kind == "transient"
    assert time.monotonic() - began < 30


def test_case_105_an_answer_without_end_is_not_read_without_end(sink, serve):
    (outcome,) = sink(serve(lambda _: reply(b"x" * 200_000)).url).write([Record(1)])
    assert outcome.kind == "internal"


def test_case_108_a_certificate_that_is_not_trusted_is_refused(sink, serve, authority):
    server = serve(tls=authority.tls("127.0.0.1"))
    (refused,) = sink(server.url).write([Record(1)])
    (taken,) = sink(server.url, ca=str(authority.ca)).write([Record(1)])
    assert (refused.kind, taken) == ("denied", None)


def test_a_key_of_a_record_is_handed_on_so_that_what_comes_twice_is_known(sink, serve):
    server = serve()
    keyed = [Record(each, meta={"idempotency_key": f"k{each}"}) for each in range(2)]
    sink(server.url).write([*keyed, Record(3)])
    assert [each.headers.get("idempotency-key") for each in server.asked] == ["k0", "k1", None]
    batches = sink(server.url, batch=True)
    for records in (keyed, keyed, [*keyed, Record(3)]):
        batches.write(records)
    first, again, none = (each.headers.get("idempotency-key") for each in server.asked[3:])
    assert first == again is not None
    assert none is None


def test_case_106_a_key_cannot_change_the_request(sink, serve):
    server = serve()
    (outcome,) = sink(server.url).write([Record(1, meta={"idempotency_key": "a\r\nX-Evil: 1"})])
    assert outcome.kind == "invalid"
    assert server.asked == []


def test_headers_with_secrets_are_sent_and_never_shown(sink, serve, caplog):
    server = serve(lambda _: reply(status="500 No"))
    one = sink(f"{server.url}/hush-path", headers={"Authorization": "Bearer hush"})
    (outcome,) = one.write([Record(1)])
    assert server.asked[0].headers["authorization"] == "Bearer hush"
    assert "hush" not in repr(one) + str(outcome) + repr(outcome) + caplog.text


@pytest.mark.parametrize(
    "config", [{"url": "ftp://hush/"}, {"url": "http://hush@a/"}, {"url": "http://a/", "headers": {"Host": "hush"}},
               {"url": "http://a/", "headers": {"X": "hush\r\n"}}, {"url": "https://a/", "ca": "/nothing"}]
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_when_it_is_opened(config):
    with pytest.raises(ConfigError) as raised:
        open_sink("webhook", config)
    assert "hush" not in str(raised.value)
