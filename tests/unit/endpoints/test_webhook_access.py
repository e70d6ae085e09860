"""Who may post: the token, the host, the origin."""

import pytest

from wardian.endpoints.http_exchange import Head, Refused
from wardian.endpoints.webhook_access import Access


def status(access, **headers):
    try:
        access.judge(Head("POST", "/", tuple((name.lower(), value) for name, value in headers.items())))
    except Refused as refused:
        return refused.answer.status
    return None


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", "Bearer secre", "Bearer secret1", "Bearer  x", "Basic secret", "secret",
              "Bearer ŝecret", "Bearer secret secret"],
)  # fmt: skip
def test_case_137_no_wrong_or_partial_token_is_let_in(given):
    access = Access("secret", loopback=False)
    assert status(access, **({} if given is None else {"Authorization": given})) == 401


def test_the_token_is_let_in_with_any_case_of_its_scheme():
    access = Access("secret", loopback=False)
    assert status(access, Authorization="Bearer secret") is None
    assert status(access, authorization="bearer secret") is None
    assert "secret" not in repr(access)


def test_a_token_that_stands_twice_is_no_token():
    head = Head("POST", "/", (("authorization", "Bearer secret"),) * 2)
    with pytest.raises(Refused):
        Access("secret", loopback=False).judge(head)


@pytest.mark.parametrize("host", ["localhost", "localhost:80", "127.0.0.1:8080", "127.9.9.9", "[::1]:80", "LOCALHOST"])
def test_names_of_this_machine_are_let_in(host):
    assert status(Access(None, loopback=True), Host=host) is None


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil:80", "10.0.0.1", "[::]", "", "evil@localhost"]
)
def test_case_139_a_name_that_was_rebound_to_this_machine_is_refused(host):
    assert status(Access(None, loopback=True), Host=host) == 403
    assert status(Access("secret", loopback=True), Host=host, Authorization="Bearer secret") == 403


def test_case_139_pages_of_a_browser_need_the_token():
    headers = {"Host": "localhost", "Origin": "https://evil.example"}
    assert status(Access(None, loopback=True), **headers) == 403
    assert status(Access("t", loopback=True), Authorization="Bearer t", **headers) is None
