"""What is posted becomes records; what does not fit is told so."""

import contextlib
import http.client
import threading
import time

import pytest

from wardian import Record
from wardian.endpoints.opening import configured
from wardian.endpoints.webhook_source import WebhookSource


@pytest.fixture
def webhook():
    opened = []

    def start(requests=None, **config):
        settings = configured("sources", "webhook", {"listen": "127.0.0.1:0", **config})
        opened.append(WebhookSource(settings, requests=requests))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def post(source, body=b"{}", path="/", method="POST", **headers):
    named = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    connection = http.client.HTTPConnection("127.0.0.1", source.port, timeout=30)
    with contextlib.closing(connection):
        connection.request(method, path, body, named)
        response = connection.getresponse()
        response.read()
        return response


def test_a_body_becomes_a_record_with_the_headers_that_were_chosen(webhook):
    source = webhook(path="/events", headers=["X-Event"])
    assert post(source, b'{"a": 1}', "/events", X_Event="push", Cookie="hush").status == 202
    assert post(source, b"text", "/events?q=1", Content_Type="text/plain").status == 202
    one, two = source.poll().records
    assert (one.data, one.meta, two.data, two.meta) == ({"a": 1}, {"headers": {"x-event": "push"}}, "text", {})
    assert isinstance(one.time, int)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"path": "/other"}, 404),
        ({"path": "/..%2f..%2fetc"}, 404),
        ({"method": "GET"}, 405),
        ({"method": "PUT"}, 405),
        ({"body": b"{"}, 400),
        ({"body": b"x" * 2000}, 413),
        ({"Content_Type": "text/html"}, 415),
        ({"Host": "evil.example"}, 403),
        ({"path": "/sources/v1/nobody"}, 404),
    ],
)
def test_what_does_not_fit_is_told_so_and_becomes_no_record(webhook, asked, status):
    source = webhook(body=1000)
    assert post(source, **asked).status == status
    assert source.poll().records == []


def test_case_137_only_the_token_lets_in(webhook):
    source = webhook(token="a-token")
    assert post(source).status == 401
    assert post(source, Authorization="Bearer a-toke").status == 401
    assert post(source, path="/?token=a-token").status == 401
    assert post(source, Authorization="Bearer a-token").status == 202
    assert len(source.poll().records) == 1


@pytest.mark.parametrize("bounds", [{"queue": 2}, {"queue_bytes": 5}])
def test_a_full_queue_asks_to_come_again(webhook, bounds):
    source = webhook(**bounds)
    assert [post(source).status for _ in range(3)] == [202, 202, 429]
    assert post(source).getheader("Retry-After") == "1"
    source.poll(1)
    assert post(source).status == 202


def test_what_was_answered_before_stop_is_given_after_it_and_nothing_else(webhook):
    source = webhook()
    for number in range(3):
        post(source, str(number).encode())
    source.stop()
    with pytest.raises(OSError, match=r"."):
        post(source)
    assert list(source) == []
    assert [each.data for each in source.poll(2).records] == [0, 1]
    last = source.poll()
    assert ([each.data for each in last.records], last.done) == ([2], True)
    source.close()
    assert source.poll().done


def test_what_is_accepted_while_it_is_stopped_is_never_lost(webhook):
    source = webhook(connections=100)
    accepted = []

    def hammer():
        with contextlib.suppress(OSError, http.client.HTTPException):
            while True:
                if post(source).status == 202:
                    accepted.append(1)

    threads = [threading.Thread(target=hammer) for _ in range(4)]
    for each in threads:
        each.start()
    while len(accepted) < 20:
        time.sleep(0.001)
    source.stop()
    after = len(source.poll(1_000_000).records)
    for each in threads:
        each.join(60)
    assert len(accepted) <= after <= len(accepted) + 4
    assert source.poll().records == []


def test_an_iteration_gives_what_is_posted(webhook):
    source = webhook()
    posting = threading.Thread(target=lambda: [post(source, str(each).encode()) for each in range(3)])
    posting.start()
    seen = []
    for record in source:
        seen.append(record.data)
        if len(seen) == 3:
            source.stop()
    posting.join(30)
    assert seen == [0, 1, 2]


def test_sources_are_asked_by_their_names(webhook):
    source = webhook({"git": lambda payload, headers: Record(payload)})
    assert post(source, path="/sources/v1/git").status == 200
    assert post(source, path="/sources/v1/got").status == 404
    assert source.poll().records == []


def test_a_fault_of_the_application_is_500_and_is_logged_for_the_operator_alone(webhook, caplog):
    def fails(payload, headers):
        raise KeyError("hush")

    response = post(webhook({"git": fails}), path="/sources/v1/git")
    assert response.status == 500
    assert "hush" in caplog.text


def test_an_answer_can_wait_until_the_record_is_safe(webhook):
    source = webhook(answer="kept", timeout="20s")
    answers = []
    posting = [threading.Thread(target=lambda: answers.append(post(source).status)) for _ in range(3)]
    for each in posting:
        each.start()
    seen = 0
    while seen < 3:
        polled = source.poll()
        seen += len(polled.records)
        assert answers == []
    source.acknowledge(polled.offset)
    for each in posting:
        each.join(10)
    assert answers == [202] * 3


def test_what_is_not_safe_in_time_is_not_answered_for(webhook):
    source = webhook(answer="kept", timeout="100ms")
    answer = post(source)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert len(source.poll().records) == 1
