"""The egress of a plugin as its project says it."""

from __future__ import annotations

import shutil

import pytest

import wardian
from support.projects import Folder

KEY = "k3y-of-the-door"


@pytest.fixture
def folder(tmp_path, c_guest, cache):
    shutil.copy(c_guest("fetches"), tmp_path / "fetches.wasm")
    return Folder(tmp_path, c_guest, cache)


def project(origin, url, *, grant, header="X-Key", ca="", use=""):
    return f"""
version: 1
secrets: {{door: {{env: DOOR}}}}
plugins:
  fetches:
    source: ./fetches.wasm
    grants: {{http: ["{grant}"]}}
    limits: {{deadline: 20s}}
    egress: {{headers: {{"{origin}": {{{header}: "opens ${{secret:door}}"}}}}{ca}}}
actions: {{fetch: {{plugin: fetches{use}}}}}
tasks: {{t: [{{action: fetch, params: {{url: "{url}"}}}}]}}
"""


def run(folder, text):
    return folder.run("", head=text, environ={"DOOR": KEY})


def test_a_header_with_a_secret_goes_to_its_host_as_it_is_and_to_no_other(folder, serve):
    server, other = serve(), serve()
    text = project(server.url, server.url + "/", grant=f'{server.authority}", "{other.authority}')
    (reply,), events = run(folder, text)
    assert (reply["status"], reply["body"]) == (200, b"ok")
    assert server.asked[0].headers["x-key"] == f"opens {KEY}"
    assert KEY not in repr((reply, events))
    run(folder, text.replace(f'url: "{server.url}', f'url: "{other.url}'))
    assert "x-key" not in other.asked[0].headers


def test_authorities_are_trusted_that_stand_beside_the_file(folder, serve, authority):
    server = serve(tls=authority.tls("127.0.0.1"))
    shutil.copy(authority.ca, folder.path / "ca.pem")
    more = {"grant": server.authority, "ca": ", ca: ./ca.pem"}
    (reply,), _ = run(folder, project(server.authority, server.url + "/", **more))
    assert reply["status"] == 200
    assert server.asked[0].headers["x-key"] == f"opens {KEY}"


def test_a_header_that_is_wrong_or_for_a_host_that_is_not_granted_is_refused_and_tells_no_secret(folder, serve):
    server = serve()
    for text in (
        project(server.url, server.url + "/", grant=server.authority, header="Host"),
        project("http://127.0.0.1:1", server.url + "/", grant=server.authority),
    ):
        with pytest.raises(wardian.ConfigError) as caught:
            run(folder, text)
        assert KEY not in str(caught.value)
    assert server.asked == []


def test_a_use_without_hosts_has_no_egress(folder, serve):
    server = serve()
    text = project(server.url, server.url + "/", grant=server.authority, use=", grants: {http: []}")
    with pytest.raises(wardian.PermissionDenied):
        run(folder, text)


def test_an_egress_needs_the_grant_and_known_secrets(folder):
    text = project("api.example.com", "https://api.example.com/", grant="api.example.com:443")
    with pytest.raises(wardian.ConfigError, match="the grant `http` where there is an egress"):
        run(folder, text.replace('grants: {http: ["api.example.com:443"]}', "grants: {}"))
    with pytest.raises(wardian.ConfigError, match=r"egress.headers.*a name in `secrets`"):
        run(folder, text.replace("secret:door", "secret:gate"))
