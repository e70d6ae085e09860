import pytest

from wardian.errors import ConfigError
from wardian.toolchain.project import around, find

DESCRIPTION = """\
name: acme/greet
version: 1.0.0
symbols: [{kind: action, name: greet}]
"""


def folder(path, description=DESCRIPTION, *sources):
    path.mkdir(exist_ok=True)
    if description:
        (path / "plugin.yaml").write_text(description)
    for each in sources:
        (path / each).parent.mkdir(parents=True, exist_ok=True)
        (path / each).touch()
    return path


def test_a_folder_is_built_as_its_description_says(tmp_path):
    text = DESCRIPTION + "build: {language: c, sources: [src/a.c, b.c], size: small}\n"
    project = find(folder(tmp_path, text, "src/a.c", "b.c"))
    assert (project.name, project.language, project.options) == ("greet", "c", {"size": "small"})
    assert project.sources == (tmp_path / "src/a.c", tmp_path / "b.c")
    assert (project.module, project.built_from) == (tmp_path / "greet.wasm", None)


def test_sources_that_are_not_named_are_those_of_the_language_s_habit(tmp_path):
    assert find(folder(tmp_path, DESCRIPTION + "build: {language: c++}\n", "greet.cpp")).sources == (
        tmp_path / "greet.cpp",
    )


@pytest.mark.parametrize(("name", "language", "source"), [("c", "c", "greet.c"), ("cpp", "c++", "greet.cpp")])
def test_a_folder_called_as_a_language_is_built_from_what_it_holds(tmp_path, name, language, source):
    folder(tmp_path, DESCRIPTION + "build: {language: c, sources: [c/greet.c], size: small}\n")
    project = find(folder(tmp_path / name, "", source))
    assert (project.language, project.options) == (language, {})
    assert project.built_from == {"language": language, "sources": [f"{name}/{source}"]}
    assert project.manifest_file == tmp_path / "plugin.yaml"
    assert around(tmp_path / name) == (tmp_path / name, tmp_path)


def test_a_folder_with_a_description_is_looked_at_alone(tmp_path):
    own = folder(tmp_path / "c", DESCRIPTION + "build: {language: wat}\n", "greet.wat")
    folder(tmp_path, DESCRIPTION)
    assert find(own).language == "wat"
    assert around(own) == (own,)


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ("", "there is no plugin.yaml here"),
        (DESCRIPTION, "does not say what it is built from"),
        (DESCRIPTION + "build: {language: cobol}\n", "no SDK is for the language `cobol`"),
        (DESCRIPTION + "build: {language: c, sources: [none.c]}\n", "sources are missing"),
        ("name: Greet\n", "this description of a plugin is wrong"),
    ],
)
def test_what_cannot_be_built_is_told(tmp_path, description, said):
    with pytest.raises(ConfigError, match=said):
        find(folder(tmp_path, description))


def test_a_wrong_description_is_told_with_its_lines(tmp_path):
    with pytest.raises(ConfigError) as refused:
        find(folder(tmp_path, "symbols: []\n\nname: Greet\nversion: 1.0.0\n"))
    assert {each.partition(": ")[0] for each in refused.value.problems} == {"line 1", "line 3"}
