import pytest

from wardian.errors import BuildError
from wardian.toolchain import lua_engine


def test_entry_points_and_imports_become_declarations():
    made = lua_engine.declarations(["greet"], ["state_get", "app.look-up"])
    assert 'export_name("greet")' in made
    assert 'import_module("wardian"), import_name("state_get")' in made
    assert 'import_module("app"), import_name("look-up")' in made
    assert made.endswith('const char *const wardian_entries[] = {"greet", 0};\n')


@pytest.mark.parametrize("name", ['a"b', "", "a b", "a\\"])
def test_a_name_that_could_be_more_than_one_is_refused(name):
    with pytest.raises(BuildError, match="cannot be the name"):
        lua_engine.declarations([name], [])
    with pytest.raises(BuildError, match="cannot be the name"):
        lua_engine.declarations([], [name])
