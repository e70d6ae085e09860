"""Case 108: a server that does not prove its name is not asked, and no guest can wave that through."""

import contextlib
import datetime as dt
import hashlib
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from support.servers import Authority, Resolver
from wardian import Egress, GuestError


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


@pytest.fixture
def secured(asks_http, serve, authority):
    """Gives a server with this TLS, and what asks it by the name `api.test`."""

    def started(tls, ca=authority.ca):
        server = serve(tls=tls)
        egress = Egress(ca=ca, resolver=Resolver(["127.0.0.1"]))
        ask = asks_http(f"api.test:{server.port}", server.authority, egress=egress, name=f"at-{server.port}")
        return server, lambda **more: ask(f"https://api.test:{server.port}/", **more)

    return started


def test_case_108_a_server_that_proves_its_name_is_asked(secured, authority):
    server, ask = secured(authority.tls("api.test"))
    assert ask()["body"] == b"ok"
    assert server.asked[0].headers["host"] == f"api.test:{server.port}"


def test_case_108_an_address_is_proved_like_a_name(asks_http, serve, authority):
    good, bad = serve(tls=authority.tls("127.0.0.1")), serve(tls=authority.tls("127.0.0.2"))
    ask = asks_http(good.authority, bad.authority, egress=Egress(ca=authority.ca))
    assert ask(good.url)["status"] == 200
    with pytest.raises(GuestError) as caught:
        ask(bad.url)
    assert caught.value.guest_code == "certificate"


def stranger(tmp_path):
    return Authority(tmp_path).tls("api.test")


WRONG = {
    "expired": lambda authority, _: authority.tls("api.test", expired=True),
    "another name": lambda authority, _: authority.tls("evil.test"),
    "a name below": lambda authority, _: authority.tls("sub.api.test"),
    "a star above": lambda authority, _: authority.tls("*.api.test"),
    "its address alone": lambda authority, _: authority.tls("127.0.0.1"),
    "of a stranger": lambda _, folder: stranger(folder),
}


@pytest.mark.parametrize("name", WRONG)
def test_case_108_a_server_that_does_not_is_not(secured, authority, tmp_path, name):
    server, ask = secured(WRONG[name](authority, tmp_path))
    with pytest.raises(GuestError) as caught:
        ask()
    assert (caught.value.kind, caught.value.guest_code) == ("denied", "certificate")
    assert (server.connections, server.asked) == (1, [])


def certify(key, issuer_key, *, authority=False):
    """A certificate of `api.test`, or of an authority, with this key, signed with the other one."""
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, each)]) for each in ("old authority", "api.test")]
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder(names[0], names[0 if authority else 1], key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(1))
        .not_valid_after(now + dt.timedelta(1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("api.test")]), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def with_sha_1(certificate, key):
    """The same certificate signed as it was done before 2017, which no library does any more."""
    sha256, sha1 = (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01" + last for last in (b"\x0b", b"\x05"))
    signed = certificate.tbs_certificate_bytes.replace(sha256, sha1)
    size = key.key_size // 8
    digest = bytes.fromhex("3021300906052b0e03021a05000414") + hashlib.sha1(signed).digest()
    padded = b"\0\1" + b"\xff" * (size - len(digest) - 3) + b"\0" + digest
    numbers = key.private_numbers()
    signature = pow(int.from_bytes(padded), numbers.d, numbers.public_numbers.n).to_bytes(size)
    whole = certificate.public_bytes(Encoding.DER).replace(certificate.tbs_certificate_bytes, signed)
    whole = whole.replace(certificate.signature, signature).replace(sha256, sha1)
    return ssl.DER_cert_to_PEM_cert(whole).encode()


def serving(path, key, certificate):
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + certificate)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.set_ciphers("ALL:@SECLEVEL=0")  # so that the server shows what a client has to refuse
    tls.load_cert_chain(path)
    return tls


def test_case_108_a_certificate_that_signed_itself_is_not_trusted(secured, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    own = certify(key, key).public_bytes(Encoding.PEM)
    server, ask = secured(serving(tmp_path / "self.pem", key, own))
    with pytest.raises(GuestError) as caught:
        ask()
    assert caught.value.guest_code == "certificate"
    assert server.asked == []


@pytest.mark.parametrize("old", [False, True])
def test_case_108_a_signature_with_sha_1_is_not_trusted(secured, tmp_path, old):
    key, leaf_key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    (tmp_path / "ca.pem").write_bytes(certify(key, key, authority=True).public_bytes(Encoding.PEM))
    leaf = certify(leaf_key, key)
    shown = with_sha_1(leaf, key) if old else leaf.public_bytes(Encoding.PEM)
    server, ask = secured(serving(tmp_path / "leaf.pem", leaf_key, shown), ca=tmp_path / "ca.pem")
    if not old:  # with a newer signature, the very same is
        assert ask()["status"] == 200
        return
    with pytest.raises(GuestError) as caught:
        ask()
    assert caught.value.guest_code == "certificate"
    assert server.asked == []


def test_case_108_the_public_authorities_do_not_know_a_tests_own(secured, authority):
    _, ask = secured(authority.tls("api.test"), ca=None)
    with pytest.raises(GuestError) as caught:
        ask()
    assert caught.value.guest_code == "certificate"


@pytest.mark.parametrize("more", [{"verify": False}, {"insecure": True}, {"tls": {"verify": False}}, {"ca": b""}])
def test_case_108_a_guest_cannot_turn_the_proof_off(secured, authority, more):
    server, ask = secured(authority.tls("evil.test"))
    with pytest.raises(GuestError) as caught:
        ask(**more)
    assert caught.value.kind == "invalid"
    assert server.connections == 0


def test_case_108_an_old_version_of_tls_is_not_spoken(secured, authority):
    tls = authority.tls("api.test")
    tls.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        tls.minimum_version, tls.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    server, ask = secured(tls)
    with pytest.raises(GuestError) as caught:
        ask()
    assert (caught.value.kind, caught.value.guest_code) == ("transient", "tls")
    assert server.asked == []


@pytest.fixture
def listening():
    """Gives the address of a server that does this with its one connection, and then holds it to the test's end."""
    with contextlib.ExitStack() as stack:

        def started(serve):
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            over = threading.Event()

            def run():
                with listener.accept()[0] as connection:
                    serve(connection)
                    over.wait(20)

            thread = threading.Thread(target=run, daemon=True)
            thread.start()
            stack.callback(thread.join, 20)
            stack.callback(over.set)
            return f"127.0.0.1:{listener.getsockname()[1]}"

        yield started


def test_case_108_a_server_without_tls_is_no_server_for_https(asks_http, listening):
    host = listening(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    with pytest.raises(GuestError) as caught:
        asks_http(host)(f"https://{host}/")
    assert (caught.value.kind, caught.value.guest_code) == ("transient", "tls")


def test_case_108_a_handshake_that_never_ends_ends_with_its_time(asks_http, listening):
    host = listening(lambda _: None)
    with pytest.raises(GuestError) as caught:
        asks_http(host)(f"https://{host}/", timeout_ms=200)
    assert caught.value.guest_code == "timeout"


def test_case_108_an_end_that_the_server_did_not_make_is_no_end(asks_http, listening, authority):
    """Without a length the end of the connection is the end of the answer: whoever sits between could cut it off."""

    def cut(connection):
        secured = authority.tls("127.0.0.1").wrap_socket(connection, server_side=True)
        secured.recv(65_536)
        secured.sendall(b"HTTP/1.1 200 OK\r\n\r\npay 1000")
        secured.close()  # without TLS's own end

    host = listening(cut)
    with pytest.raises(GuestError) as caught:
        asks_http(host, egress=Egress(ca=authority.ca))(f"https://{host}/")
    assert caught.value.guest_code == "protocol"
