import pytest

from wardian.toolchain import languages


@pytest.mark.parametrize("name", languages.NAMES)
def test_each_language_says_what_is_missing_by_a_command_that_installs_it(name):
    for tool in languages.language(name).tools:
        assert tool.name
        assert len(tool.install.split()) > 1
