import pytest

import wardian
from wardian.errors import BuildError
from wardian.plugins.inspection import inspect
from wardian.toolchain import lua
from wardian.toolchain.build import build
from wardian.toolchain.project import find

DESCRIPTION = """
name: acme/tiny
version: 0.1.0
symbols: [{kind: extension, name: tiny}]
build: {language: lua, sources: [tiny.lua]}
"""


@pytest.fixture
def made(tmp_path, runtime):
    """Builds a plugin of these scripts, and loads it."""

    def of(more=(), /, **scripts):
        (tmp_path / "plugin.yaml").write_text(DESCRIPTION)
        for name, text in {**scripts, **dict(more)}.items():
            path = tmp_path / f"{name}.lua"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return runtime.load(build(find(tmp_path)).module, grants=wardian.Grants(clock=True))

    return of


def test_its_sources_are_a_script_by_the_name_of_the_plugin(tmp_path):
    assert lua.LANGUAGE.sources(tmp_path, "greet") == ("greet.lua",)
    assert [tool.name for tool in lua.LANGUAGE.tools] == ["ziglang"]


def test_what_a_script_requires_of_its_folder_is_built_in(made):
    more = {"parts/init": "return 20", "parts/two": "return 22"}
    tiny = "local a, b = require 'parts', require 'parts.two' return { extension = function() return a + b end }"
    assert made(more, tiny=tiny).call("extension_call", {"method": "", "argument": None}) == 42


def test_a_module_imports_what_is_required_and_nothing_else(made, tmp_path, runtime):
    made(tiny="local c = require 'wardian.clock' return { extension = function() print(c.now()) end }")
    needed = {each.name for each in inspect(runtime, tmp_path / "tiny.wasm").imports}
    assert needed == {"wardian.log", "wardian.take", "wardian.clock_now"}


def test_equal_scripts_give_equal_modules(tmp_path, made):
    text = "local t = {} for i = 1, 500 do t['k' .. i] = i end return { extension = function(m) return t[m] end }"
    made(tiny=text)
    first = (tmp_path / "tiny.wasm").read_bytes()
    made(tiny=text)
    assert (tmp_path / "tiny.wasm").read_bytes() == first


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("return {", "tiny.lua:1: unexpected symbol near <eof>"),
        ("\nerror('not today')", "tiny.lua:2: not today"),
        ("local x = nil + 1", "tiny.lua:1: attempt to perform arithmetic on a nil value"),
        ("return 5", "the script has to return the plugin, a table"),
        ("return {}", "the plugin has no entry point"),
        ("return { procesor = {} }", "the plugin's `procesor` is neither a kind of plugin nor a function"),
        ("require('wardian.state').get('x')", "`state_get` of the host can be called when the plugin runs"),
    ],
)
def test_what_is_wrong_with_a_script_is_said_with_its_place(made, text, said):
    with pytest.raises(BuildError, match="the plugin's script failed") as caught:
        made(tiny=text)
    assert said in "\n".join(caught.value.problems)


@pytest.mark.parametrize("name", ["nowhere", "wardian.nothing", "...etc.passwd"])
def test_a_module_that_is_not_there_is_named(made, name):
    with pytest.raises(BuildError, match=r"there is no module `.*\w+`"):
        made(tiny=f"require '{name}'")


def test_a_script_that_is_no_utf_8_is_refused(made, tmp_path):
    (tmp_path / "tiny.lua").write_bytes(b"\xff")
    with pytest.raises(BuildError, match="UTF-8"):
        made()
