import pytest

from wardian import ConfigError, Grants, Runtime

PLUGIN = """(module (memory (export "memory") 1) (func (export "wardian_abi_v1"))
 (func (export "wardian_alloc") (param i32) (result i32) (i32.const 0)){})"""


@pytest.fixture
def paths(tmp_path):
    first, second = tmp_path / "a" / "counter.wat", tmp_path / "b" / "counter.wat"
    for path, more in ((first, ""), (second, '(func (export "x"))')):
        path.parent.mkdir()
        path.write_text(PLUGIN.format(more))
    return first, second


def test_another_plugin_of_the_same_name_does_not_get_the_state_of_an_open_one(paths):
    with Runtime() as runtime:
        first = runtime.load(paths[0], grants=Grants(state=True))
        with pytest.raises(ConfigError, match="keeps its state as `counter`") as refused:
            runtime.load(paths[1], grants=Grants(state=True))
        assert "name" in refused.value.hint
        runtime.load(paths[1], grants=Grants(state=True), name="another")
        runtime.load(paths[1], grants=Grants(state=True), instance="another")
        runtime.load(paths[1])
        runtime.load(paths[0], grants=Grants(state=True))
        runtime.load(paths[1], grants=Grants(state=True), name="counter")  # somebody means it
        first.close()


def test_a_new_version_may_follow_one_that_is_closed(paths):
    with Runtime() as runtime:
        runtime.load(paths[0], grants=Grants(state=True)).close()
        runtime.load(paths[1], grants=Grants(state=True))
