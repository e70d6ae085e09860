import pytest

from support.scripts import plugin_yaml
from wardian.errors import BuildError
from wardian.toolchain import javascript, languages
from wardian.toolchain.build import build
from wardian.toolchain.project import find


def built(folder, script, **more):
    for name, text in {"tried.js": script, "plugin.yaml": plugin_yaml("javascript", "tried.js"), **more}.items():
        (folder / name).write_text(text)
    return build(find(folder)).module


def failure(folder, script, **more):
    with pytest.raises(BuildError) as caught:
        built(folder, script, **more)
    return str(caught.value)


def test_it_takes_a_compiler_of_c_and_no_node():
    assert [tool.name for tool in languages.language("javascript").tools] == ["ziglang"]


def test_its_source_is_called_like_the_plugin(tmp_path):
    assert javascript.LANGUAGE.sources(tmp_path, "count") == ("count.js",)


def test_a_script_becomes_a_module_with_its_exports(tmp_path):
    module = built(tmp_path, "export const extension_call = () => null;")
    assert b"extension_call" in module.read_bytes()


def test_a_script_that_cannot_be_read_is_told_with_its_line(tmp_path):
    assert "tried.js:2" in failure(tmp_path, "let a = 1;\nlet b = ;\n")


def test_a_script_that_fails_while_it_is_evaluated_is_told_with_its_line(tmp_path):
    said = failure(tmp_path, "export const extension_call = () => null;\n\nnothing.here();\n")
    assert "ReferenceError" in said
    assert "tried.js:3" in said


def test_all_of_the_sdk_cannot_be_imported_at_once(tmp_path):
    script = 'import * as wardian from "wardian"; export const extension_call = () => wardian;'
    assert "name what is used" in failure(tmp_path, script)


def test_a_name_that_the_sdk_does_not_have_is_told(tmp_path):
    assert "stat" in failure(tmp_path, 'import { stat } from "wardian"; export const extension_call = () => stat;')
    assert "no module `wardian/stat`" in failure(tmp_path, 'import "wardian/stat";')


def test_the_host_is_not_there_while_a_script_is_evaluated(tmp_path):
    said = failure(tmp_path, 'import { state } from "wardian"; state.get("a"); export const extension_call = () => 1;')
    assert "import" in said


def test_a_script_that_is_no_text_is_told(tmp_path):
    (tmp_path / "tried.js").write_bytes(b"// \xff")
    (tmp_path / "plugin.yaml").write_text(plugin_yaml("javascript", "tried.js"))
    with pytest.raises(BuildError, match="UTF-8"):
        build(find(tmp_path))
