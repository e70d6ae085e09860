import pytest

from wardian.errors import BuildError
from wardian.toolchain import languages
from wardian.toolchain.build import build, cache
from wardian.toolchain.node import NODE
from wardian.toolchain.project import find
from wardian.toolchain.workshop import Workshop

LANGUAGE = languages.language("assemblyscript")
GREETS = """\
import { Action, Value } from "wardian";

@plugin
class Greeter extends Action {
  call(params: Value, vars: Value): Value {
    return Value.of("Hello");
  }
}
"""


class Project:
    def __init__(self, folder, text):
        self.folder, self.sources = folder, (folder / "one.ts",)
        self.sources[0].write_text(text)


@pytest.fixture
def problems(tmp_path):
    """What the compiler says of a source, as one text."""

    def of(text):
        folders = [tmp_path / name for name in ("author", "work")]
        for folder in folders:
            folder.mkdir(exist_ok=True)
        with pytest.raises(BuildError) as raised:
            LANGUAGE.compile(Project(folders[0], text), tmp_path / "out.wasm", Workshop(folders[1], cache()))
        return "\n".join(raised.value.problems)

    return of


def test_node_is_all_that_has_to_be_there():
    assert LANGUAGE.tools == (NODE,)


def test_without_node_a_build_says_what_installs_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.path", [])
    with pytest.raises(BuildError) as raised:
        LANGUAGE.compile(Project(tmp_path, GREETS), tmp_path / "out.wasm", Workshop(tmp_path, tmp_path))
    assert (raised.value.code, raised.value.hint) == ("toolchain_missing", NODE.install)


def test_the_source_is_named_as_the_plugin(tmp_path):
    assert LANGUAGE.sources(tmp_path, "greet") == ("greet.ts",)


def test_a_plugin_is_built_twice_alike_and_nothing_is_written_beside_it(tmp_path):
    author = tmp_path / "author"
    (author / "src").mkdir(parents=True)
    (author / "src" / "greet.ts").write_text(GREETS)
    (author / "plugin.yaml").write_text(
        "name: acme/greet\nversion: 1.0.0\nsymbols: [{kind: action, name: greet}]\n"
        "build: {language: assemblyscript, sources: [src/greet.ts]}\n"
    )
    modules = [tmp_path / f"{number}.wasm" for number in range(2)]
    for module in modules:
        build(find(author), module)
    assert modules[0].read_bytes() == modules[1].read_bytes()
    assert {each.name for each in author.rglob("*")} == {"plugin.yaml", "src", "greet.ts"}


def test_what_is_wrong_is_told_in_the_compiler_s_words_with_the_author_s_file_and_line(problems):
    said = problems("const x: i32 = 1;\nconst y: string = x;\n")
    assert "Type 'i32' is not assignable to type '~lib/string/String'" in said
    assert "in one.ts(2," in said


def test_a_class_of_no_kind_is_no_plugin(problems):
    assert "`@plugin` is for a class that extends Source, Action" in problems("@plugin\nclass X {}\n")


def test_an_entry_point_is_one_thing_s_alone(problems):
    said = problems(GREETS + "@entry\nfunction action_call(params: string): void {}\n")
    assert "`action_call` is the entry point of `Greeter` already" in said


def test_an_entry_point_takes_one_request(problems):
    assert "an entry point takes one request" in problems(
        "@entry\nfunction add(a: i32, b: i32): i32 { return a + b; }\n"
    )


def test_what_no_item_can_be_made_of_is_told(problems):
    said = problems("@entry\nfunction odd(): Map<string, i32> { return new Map<string, i32>(); }\n")
    assert "Value.of takes booleans, numbers, strings" in said


def test_a_method_that_a_kind_must_have_is_missed(problems):
    said = problems('import { Sink } from "wardian";\n@plugin\nclass X extends Sink {}\n')
    assert "write" in said
