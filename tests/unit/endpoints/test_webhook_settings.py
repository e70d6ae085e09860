"""A webhook is open to others only where somebody said so."""

import pytest

from wardian import ConfigError, Record
from wardian.document.secret_text import MASK, SecretText
from wardian.endpoints import open_sink
from wardian.endpoints.http_exchange import Head, Refused
from wardian.endpoints.opening import configured
from wardian.endpoints.webhook_access import Access


@pytest.mark.parametrize("listen", ["0.0.0.0:80", "[::]:80", "10.1.2.3:80"])
def test_case_138_an_address_that_others_reach_needs_a_token_or_a_word(listen):
    with pytest.raises(ConfigError, match="token"):
        configured("sources", "webhook", {"listen": listen})
    configured("sources", "webhook", {"listen": listen, "token": "secret"})
    configured("sources", "webhook", {"listen": listen, "open": True})


def test_by_default_it_listens_where_only_this_machine_can_reach_it():
    made = configured("sources", "webhook", {})
    assert made.loopback
    assert made.address == ("127.0.0.1", 8080)
    assert configured("sources", "webhook", {"listen": "[::1]:5"}).address == ("::1", 5)
    assert configured("sources", "webhook", {"listen": "localhost:5"}).address == ("127.0.0.1", 5)


@pytest.mark.parametrize("listen", ["8080", "example.com:80", "127.0.0.1", "127.0.0.1:x", ":80"])
def test_what_is_no_address_is_refused(listen):
    with pytest.raises(ConfigError, match="listen"):
        configured("sources", "webhook", {"listen": listen})


def test_no_secret_is_shown():
    made = configured("sources", "webhook", {"token": "hush-hush"})
    out = configured("sinks", "webhook", {"url": "https://a/hush-hush", "headers": {"X-Key": "hush-hush"}})
    assert "hush" not in repr(made) + str(out) + repr(out)
    for config in ({"url": 5}, {"url": "http://a", "headers": {"X": ["hush-hush"]}}):
        with pytest.raises(ConfigError) as raised:
            configured("sinks", "webhook", config)
        assert "hush" not in str(raised.value)


def test_a_secret_that_was_filled_in_is_used_as_it_is_and_not_as_its_mask():
    made = configured("sources", "webhook", {"token": SecretText("hush-hush")})
    access = Access(made.token, loopback=False)
    access.judge(Head("POST", "/", (("authorization", "Bearer hush-hush"),)))
    with pytest.raises(Refused):
        access.judge(Head("POST", "/", (("authorization", f"Bearer {MASK}"),)))


def test_filled_in_secrets_are_sent_by_the_sink(serve):
    server = serve()
    headers = {"Authorization": SecretText("Bearer hush-hush")}
    with open_sink("webhook", {"url": SecretText(f"{server.url}/hush"), "headers": headers}) as sink:
        assert sink.write([Record(1)]) == [None]
    assert server.asked[0].headers["authorization"] == "Bearer hush-hush"
    assert server.asked[0].target == "/hush"
