"""`wardian.config.repository`: an address without anybody's password."""

import pytest


def test_a_repository_has_an_address(project):
    assert project("repositories: {main: {url: 'https://plugins.example/index.json'}}").repositories["main"].url


@pytest.mark.parametrize("url", ["plugins", "ftp://x/", "https://me:secret@x/", "https://"])
def test_what_is_none_is_refused(problems, url):
    assert problems(f"repositories: {{main: {{url: '{url}'}}}}")[0].path == "repositories.main.url"
