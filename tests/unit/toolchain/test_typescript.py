import pytest

from support.scripts import plugin_yaml
from wardian.errors import BuildError
from wardian.toolchain import languages, typescript
from wardian.toolchain.build import build
from wardian.toolchain.project import find


@pytest.fixture
def script(tmp_path):
    (tmp_path / "plugin.yaml").write_text(plugin_yaml("typescript", "tried.ts"))
    return tmp_path / "tried.ts"


def test_it_takes_a_compiler_of_c_and_node():
    names = [tool.name for tool in languages.language("typescript").tools]
    assert names == ["ziglang", "Node 20 or later, with npm"]


def test_its_source_is_called_like_the_plugin(tmp_path):
    assert typescript.LANGUAGE.sources(tmp_path, "count") == ("count.ts",)


def test_types_are_taken_away(script):
    script.write_text("export const extension_call = ({ argument }: { argument: number }): number => argument;")
    assert b"extension_call" in build(find(script.parent)).module.read_bytes()
    assert sorted(each.name for each in script.parent.iterdir()) == ["plugin.yaml", "tried.ts", "tried.wasm"]


def test_what_esbuild_says_arrives_with_its_line(script):
    script.write_text("let a = 1;\nlet b: number = ;\n")
    with pytest.raises(BuildError, match=r"tried\.ts:2"):
        build(find(script.parent))
