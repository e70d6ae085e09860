"""A source is asked by its name, and what comes of it is mapped in one table."""

import pytest

from wardian import (
    CapabilityError,
    ConfigError,
    DeadlineExceeded,
    GuestError,
    Record,
    RequestTooLarge,
    Trap,
)  # fmt: skip
from wardian.abi.failure import ERROR_KINDS
from wardian.endpoints.http_exchange import Head, Refused
from wardian.endpoints.source_requests import BY_KIND, SourceRequests, answer_of


def head(target, **headers):
    return Head("POST", target, tuple(headers.items()))


def test_the_source_gets_the_payload_and_the_headers_that_are_handed_on_and_gives_a_record():
    seen = []

    def ask(payload, headers):
        seen.append((payload, headers))
        return Record({"ok": b"\x01"}, key="k")

    requests = SourceRequests({"git": ask}, ("x-event",))
    asked = head("/sources/v1/git", **{"content-type": "application/json", "x-event": "push", "cookie": "hush"})
    answer = requests.handle("git", asked, b'{"a": 1}')
    assert seen == [({"a": 1}, {"x-event": "push"})]
    assert (answer.status, answer.body) == (200, {"data": {"ok": "h'01'"}, "key": "k"})


def test_no_record_is_no_content():
    assert SourceRequests({"a": lambda payload, headers: None}).handle("a", head("/"), b"").status == 204


@pytest.mark.parametrize(
    ("target", "name"),
    [("/sources/v1/git", "git"), ("/sources/v1/git?a=1", "git"), ("/sources/v1/", ""), ("/other", None),
     ("/sources/v1/..%2f..%2fetc", "../../etc"), ("/sources/v1/a%00", "a\0")],
)  # fmt: skip
def test_case_141_a_name_is_looked_up_whole_and_leads_to_no_path(target, name):
    requests = SourceRequests({"git": print})
    assert requests.named(head(target)) == name
    if name not in ("git", None):
        with pytest.raises(Refused) as refused:
            requests.judge(name)
        assert refused.value.answer.status == 404


def test_every_kind_of_error_has_a_status():
    assert set(BY_KIND) == set(ERROR_KINDS)


@pytest.mark.parametrize(
    ("error", "status"),
    [(GuestError("invalid", "no"), 400), (GuestError("unimplemented", "no"), 501), (GuestError("odd", "no"), 500),
     (CapabilityError("denied", "no"), 403), (RequestTooLarge("no", value=1), 413),
     (DeadlineExceeded("no", value=1), 504), (ConfigError("no"), 500), (Trap("no"), 500)],
)  # fmt: skip
def test_errors_are_mapped_in_one_table(error, status):
    assert answer_of(error).status == status


def test_the_client_sees_the_message_only_of_its_own_fault():
    assert answer_of(GuestError("invalid", "`a`: expected text")).body["error"]["message"] == "`a`: expected text"
    assert "hush" not in str(answer_of(GuestError("internal", "hush")))
    assert answer_of(GuestError("unimplemented", "hush")).body["error"]["message"] == "unimplemented"


def test_when_to_come_again_is_told():
    assert answer_of(GuestError("transient", "no", retry_after_ms=1500)).headers == {"Retry-After": "2"}
