"""A webhook is open to others only where somebody said so."""

import pytest

from wardian import ConfigError
from wardian.endpoints.opening import configured


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
