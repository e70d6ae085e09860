"""What the tests of the configuration share: a file of a project, and its problems."""

import textwrap

import pytest

from wardian.config.loading import load
from wardian.errors import ConfigError


@pytest.fixture
def written(tmp_path):
    """Writes `wardian.yaml`, or another file, and gives its path."""

    def write(text, name="wardian.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        path.chmod(0o644)
        return path

    return write


@pytest.fixture
def project(written):
    """The project that a text says; `version: 1` stands before it, on line 1."""

    def loaded(text, **arguments):
        return load(written("version: 1\n" + textwrap.dedent(text)), **arguments).project

    return loaded


@pytest.fixture
def problems(project):
    """The problems of a text, as of `project`."""

    def found(text, **arguments):
        with pytest.raises(ConfigError) as caught:
            project(text, **arguments)
        return caught.value.problems

    return found
