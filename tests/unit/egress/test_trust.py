"""Certificates are checked, whatever the environment says."""

import ssl

import pytest

from wardian.egress import trust
from wardian.errors import ConfigError


def test_certificate_and_name_are_checked_and_old_versions_refused():
    context = trust.context(None)
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert len(context.get_ca_certs()) > 50


def test_a_file_of_authorities_takes_the_place_of_the_public_ones(authority):
    assert len(trust.context(authority.ca).get_ca_certs()) == 1


def test_the_environment_writes_down_no_keys_and_chooses_no_authorities(authority, monkeypatch, tmp_path):
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca))
    context = trust.context(None)
    assert context.keylog_filename is None
    assert len(context.get_ca_certs()) > 50


def test_what_is_no_such_file_is_a_wrong_configuration(tmp_path):
    path = tmp_path / "ca.pem"
    path.write_text("not a certificate")
    for each in (path, tmp_path / "absent", tmp_path):
        with pytest.raises(ConfigError) as caught:
            trust.context(each)
        assert caught.value.where == str(each)
