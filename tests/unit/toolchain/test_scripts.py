import pytest

from wardian.errors import BuildError
from wardian.toolchain import scripts


@pytest.mark.parametrize(("language", "ending", "one"), [("javascript", ".js", "log"), ("lua", ".lua", "state")])
def test_the_modules_of_an_sdk_are_asked_for_by_its_name(language, ending, one):
    library = scripts.library(language, ending)
    assert f"wardian/{one}{ending}" in library
    assert all(name.startswith("wardian/") and name.endswith(ending) for name in library)


def test_a_script_that_is_no_utf_8_is_refused_by_its_path(tmp_path):
    file = tmp_path / "a.js"
    file.write_bytes(b"\xff")
    with pytest.raises(BuildError, match="UTF-8") as caught:
        scripts.read(file)
    assert caught.value.where == str(file)
