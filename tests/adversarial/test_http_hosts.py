"""Cases 98 to 103: where a guest's request may go, whatever its URL says and whatever its host's name stands for."""

import itertools
import socket

import pytest

from support.servers import Resolver, reply
from wardian import Egress, GuestError, PermissionDenied, Runtime
from wardian.egress.connection import is_own

PUBLIC = "93.184.216.34"


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


def refused(ask, url, *kinds, **more):
    """Why a request is refused; what its guest is told names no address but its own."""
    with pytest.raises(GuestError) as caught:
        ask(url, **more)
    assert caught.value.kind in kinds, (url, caught.value)
    return caught.value


# 98: the list of what is allowed


def test_case_98_without_a_list_nothing_is_asked(load, asks_http):
    replace = {'"wardian" "log"': '"wardian" "http_request"'}
    with pytest.raises(PermissionDenied):
        load("asks", replace)
    with pytest.raises(PermissionDenied):
        asks_http()


@pytest.mark.parametrize(
    "host",
    ["evil-example.com", "example.com.evil", "sub.example.com", "example.co", "xample.com", "example.comm",
     "example.com.", "example.com:8443", "EXAMPLE.ORG", "com"],
)  # fmt: skip
def test_case_98_a_host_stands_for_itself_alone(asks_http, host):
    resolver = Resolver([PUBLIC])
    ask = asks_http("example.com", egress=Egress(resolver=resolver))
    refused(ask, f"https://{host}/", "denied", "invalid")
    assert resolver.asked == []


@pytest.mark.parametrize("host", ["example.com", "evil-example.com", "example.com.evil", "a.b.example.org"])
def test_case_98_a_star_stands_for_subdomains_and_not_for_the_host_itself(asks_http, host):
    resolver = Resolver([PUBLIC])
    ask = asks_http("*.example.com", egress=Egress(resolver=resolver))
    assert refused(ask, f"https://{host}/", "denied").guest_code == "destination"
    assert resolver.asked == []


def test_case_98_what_is_on_the_list_is_asked_whatever_its_letters(asks_http, serve):
    server = serve()
    egress = Egress(resolver=Resolver(["127.0.0.1"]))
    ask = asks_http(f"*.example.com:{server.port}", server.authority, egress=egress)
    for host in ("a.example.com", "B.A.Example.COM"):
        assert ask(f"HTTP://{host}:{server.port}/")["status"] == 200
    assert [each.headers["host"] for each in server.asked] == [
        f"a.example.com:{server.port}", f"b.a.example.com:{server.port}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("granted", "url"),
    [("example.com", "http://example.com:443/"), ("example.com", "https://example.com:80/"),
     ("example.com:8443", "https://example.com/"), ("example.com:443", "http://example.com/")],
)  # fmt: skip
def test_case_98_a_host_without_a_port_stands_for_its_schemes_own(asks_http, granted, url):
    assert refused(asks_http(granted), url, "denied").guest_code == "destination"


# 99: URLs that two parsers read in two ways

URLS = [
    "http://{allowed}@{evil}/", "http://{allowed}:pw@{evil}/", r"http://{evil}\@{allowed}/",
    r"http://{evil}\.{allowed}/",
    "http://{allowed}#@{evil}/", "http://{evil}#@{allowed}/", "http://{allowed}?@{evil}#/", "http://{evil}/#{allowed}",
    "http://{allowed}\t/", "http://\n{allowed}/", "http://{allowed}\r\n/", "http://{allowed} /", " http://{allowed}/",
    "http://{allowed}%00.{evil}/", "http://%65vil.test/", "http://{allowed}\0/", "http:///", "http://",
    "http:{allowed}",
    "http:/{allowed}/", "//{evil}/", "///{evil}/", "/", "", "http://.{allowed}/", "http://allowed..test/",
    "http://allowed.test.:{port}/", "http://allowed.test:99999/", "http://allowed.test:0080/", "http://allowed.test:0/",
    "http://allowed.test:/", "http://allowed.test:+80/", "http://allowed.test:8 0/", "http://allowed.test:80:80/",
    "http://[allowed.test]/", "http://[::1", "http://::1/", "http://[::1]x/", "http://all\u00f6wed.test/",
    "http://allowed\u3002test/", "http://\u24d0llowed.test/", "http://{allowed}/\u202e", r"http:\\{allowed}\\",
    "http://*.test/", "http://allowed.test,{evil}/", "http://-allowed.test/", "http://{allowed}/a b", "http://{allowed}/%",
    "http://{allowed}/%zz", "http://{allowed}/<", "ws://{allowed}/", "file:///etc/passwd", "javascript:1",
    "data:text/plain,a", "http+unix://{allowed}/", "httpx://{allowed}/", "http://" + "a." * 130 + "test/",
    "http://" + "a" * 64 + ".test/", "http://{allowed}/" + "a" * 9000,
]  # fmt: skip


@pytest.mark.parametrize("url", URLS, ids=[ascii(url)[:40] for url in URLS])
def test_case_99_a_url_that_can_be_read_in_two_ways_is_not_asked_at_all(asks_http, serve, url):
    allowed, evil = serve(), serve()
    resolver = Resolver(["127.0.0.1"])
    ask = asks_http(f"allowed.test:{allowed.port}", allowed.authority, egress=Egress(resolver=resolver))
    written = url.replace("{allowed}", f"allowed.test:{allowed.port}").replace("{evil}", f"evil.test:{evil.port}")
    refused(ask, written.replace("{port}", str(allowed.port)), "invalid", "denied")
    assert (resolver.asked, allowed.connections, evil.connections) == ([], 0, 0)


# 100, 101: addresses in disguise, and what must not be reached though it is a name that is allowed

DISGUISED = [
    "2130706433", "0x7f000001", "0X7F.1", "0177.0.0.1", "127.1", "127.0.1", "0", "0x", "127.0.0.01", "1.2.3.4.5",
    "256.1.1.1",
    "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460", "127\u30020\u30020\u30021", "127.0.0.1.", "[::1]", "[::ffff:7f00:1]",
    "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::127.0.0.1]", "[fe80::1%eth0]", "[fe80::1%25eth0]",
    "[0:0:0:0:0:0:0:1]", "localhost", "127.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("host", DISGUISED, ids=ascii)
def test_case_100_this_machine_in_disguise_is_not_asked(asks_http, serve, host):
    server = serve()
    resolver = Resolver(["127.0.0.1"])
    ask = asks_http(f"allowed.test:{server.port}", f"allowed.test:{server.port}", egress=Egress(resolver=resolver))
    refused(ask, f"http://{host}:{server.port}/", "invalid", "denied")
    assert (resolver.asked, server.connections) == ([], 0)


@pytest.mark.parametrize("host", ["localhost", "[::1]", "127.0.0.1"])
def test_case_100_a_name_that_is_allowed_does_not_stand_for_this_machine(asks_http, serve, host):
    server = serve()
    ask = asks_http(f"localhost:{server.port}")
    expected = "address" if host == "localhost" else "destination"
    assert refused(ask, f"http://{host}:{server.port}/", "denied").guest_code == expected
    assert server.connections == 0


INSIDE = [
    "169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "0.0.0.0", "0.1.2.3",
    "10.0.0.1", "127.0.0.1", "127.255.255.254", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.0.0.8", "192.0.2.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "100.64.0.1", "100.127.255.255", "::", "::1", "fe80::1", "fe80::1%lo", "fec0::1", "fc00::1",
    "fd12::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:7f00:1", "::ffff:0:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:db8::1", "3fff::1", "100::1",
    "2001:0:7f00:1::8000:0", "2001:0:5db8:d822::8000:fffe", "2a00::5efe:7f00:1", "2a00::200:5efe:10.0.0.1", "5f00::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_case_101_a_name_that_is_allowed_does_not_reach_what_is_inside(asks_http, address):
    ask = asks_http("metadata.test:80", egress=Egress(resolver=Resolver([address])))
    error = refused(ask, "http://metadata.test/latest/meta-data/", "denied")
    assert error.guest_code == "address"
    assert address not in str(error) + repr(error.details)


def test_case_101_what_a_cloud_calls_its_metadata_is_a_name_like_any_other(asks_http):
    ask = asks_http("example.com")
    assert refused(ask, "http://metadata.google.internal/", "denied").guest_code == "destination"


def test_case_101_the_machines_own_addresses_are_known_to_it():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((PUBLIC, 9))
        except OSError:
            probe.connect(("127.0.0.1", 9))
        own = probe.getsockname()[0]
    assert is_own(own)
    assert is_own("127.0.0.1")
    assert not is_own(PUBLIC)


def test_case_101_a_grant_of_an_address_is_for_its_port_alone(asks_http, serve):
    granted, management = serve(), serve()
    ask = asks_http(granted.authority)
    assert ask(granted.url + "/")["status"] == 200
    refused(ask, management.url + "/", "denied")
    named = asks_http("api.test", granted.authority, egress=Egress(resolver=Resolver(["127.0.0.1"])), name="named")
    assert refused(named, "http://api.test/", "denied").guest_code == "address"
    assert management.connections == 0


# 102, 103: names that change, and names of several addresses


def test_case_102_a_name_is_looked_up_once_and_what_was_judged_is_dialled(asks_http, serve):
    vetted = serve(lambda _: reply(b"vetted"))
    other = serve(lambda _: reply(b"other"), address="127.0.0.2")
    resolver = Resolver(["127.0.0.1"], ["127.0.0.2"])
    ask = asks_http(f"rebinds.test:{vetted.port}", vetted.authority, egress=Egress(resolver=resolver))
    assert ask(f"http://rebinds.test:{vetted.port}/")["body"] == b"vetted"
    assert vetted.asked[0].headers["host"] == f"rebinds.test:{vetted.port}"
    assert resolver.asked == [("rebinds.test", vetted.port)]
    # The next request asks anew, and is judged by what it gets.
    assert refused(ask, f"http://rebinds.test:{vetted.port}/", "denied").guest_code == "address"
    assert (vetted.connections, other.connections) == (1, 0)


def test_case_102_a_name_that_turns_inward_after_it_was_judged_reaches_nothing(cache, asks_http, serve):
    inside = serve()
    resolver = Resolver([PUBLIC], ["127.0.0.1"])
    ask = asks_http(f"rebinds.test:{inside.port}", egress=Egress(resolver=resolver))
    url = f"http://rebinds.test:{inside.port}/"
    refused(ask, url, "transient", timeout_ms=300)  # nobody answers there, and 127.0.0.1 was not asked instead
    assert refused(ask, url, "denied").guest_code == "address"
    assert inside.connections == 0


@pytest.mark.parametrize("answers", [*itertools.permutations([PUBLIC, "10.0.0.7", "2606:2800:220:1::1"])])
def test_case_103_one_address_inside_refuses_all_of_a_name(asks_http, answers):
    ask = asks_http("both.test", egress=Egress(resolver=Resolver(list(answers))))
    assert refused(ask, "http://both.test/", "denied").guest_code == "address"


def test_case_103_of_several_addresses_the_first_that_answers_is_used(asks_http, serve):
    server = serve()
    egress = Egress(resolver=Resolver(["127.0.0.9", "127.0.0.1"]))
    ask = asks_http(f"two.test:{server.port}", f"127.0.0.9:{server.port}", server.authority, egress=egress)
    assert ask(f"http://two.test:{server.port}/")["status"] == 200


@pytest.mark.parametrize(
    "answers", [[], ["not an address"], ["127.1"], ["0x7f000001"], ["127.0.0.1\n"], ["1.1.1.1"] * 65]
)
def test_case_103_what_is_no_address_is_not_dialled(asks_http, answers):
    ask = asks_http("odd.test", egress=Egress(resolver=Resolver(answers)))
    assert refused(ask, "http://odd.test/", "transient").guest_code == "resolve"


def test_the_audit_line_has_the_address_that_the_guest_is_not_told(cache, guest):
    from support.wat import wasm_of
    from wardian import Grants

    lines = []
    wasm = wasm_of(guest("asks").read_text().replace('"wardian" "log"', '"wardian" "http_request"'))
    with Runtime(cache=cache, on_audit=lines.append) as runtime:
        plugin = runtime.load(
            wasm, grants=Grants(http=["in.test"]), egress=Egress(resolver=Resolver(["10.1.2.3"])), name="curious"
        )
        with pytest.raises(GuestError):
            plugin.call("ask", {"method": "GET", "url": "http://in.test/path?token=secret"})
    (line,) = lines
    assert (line.plugin, line.instance, line.method, line.url) == ("curious", "default", "GET", "http://in.test/path")
    assert (line.address, line.status, line.error) == ("10.1.2.3", None, "address")
