import pytest

from wardian.errors import ConfigError
from wardian.toolchain import languages, sdk


@pytest.mark.parametrize("name", languages.NAMES)
def test_each_language_is_called_as_it_is_registered_and_has_a_folder_in_the_sdk(name):
    assert languages.language(name).name == name
    assert (sdk.folder() / languages.folder(name)).is_dir()
    assert languages.FOLDERS[languages.folder(name)] == name


def test_a_language_that_there_is_not_is_refused_with_those_that_there_are():
    with pytest.raises(ConfigError, match="c, c\\+\\+") as refused:
        languages.language("cobol")
    assert "`cobol`" in refused.value.message
