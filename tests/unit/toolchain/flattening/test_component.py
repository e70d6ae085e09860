import pytest

from support.components import component as made
from support.wat import wasm_of
from wardian.errors import BuildError
from wardian.toolchain.flattening import component, core
from wardian.toolchain.flattening.component import Bundle, Lowered, Made, Taken


def test_the_core_modules_and_how_they_are_joined_are_found():
    parts = component.read(made())
    assert len(parts.modules) == 6
    assert [type(each) for each in parts.instances] == [Made, Bundle, Made, Made, Made, Made, Bundle, Made]
    library = parts.instances[5]
    assert set(library.arguments) >= {"env", "root"}
    assert Lowered(0) in parts.items[core.FUNCTION]
    assert parts.items[core.MEMORY] == [Taken(2, "memory")]


def test_what_is_no_component_is_refused():
    with pytest.raises(BuildError, match="no component"):
        component.read(wasm_of("(module)"))
