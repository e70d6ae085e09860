import json

import pytest

from wardian.cli import beginning
from wardian.cli.beginning import Asked
from wardian.cli.usage import Usage
from wardian.errors import ConfigError
from wardian.package.manifest import KINDS
from wardian.toolchain import languages
from wardian.toolchain.language import Language
from wardian.toolchain.tool import Tool


def test_what_was_written_is_told_and_what_to_do_next(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert beginning.new(Asked(name="my-org/count", language="wat", kind="extension")) == 0
    said = capsys.readouterr().err
    assert "wrote count/count.wat" in said
    for word in ("cd count", "wardian build", "wardian test", "wardian dev"):
        assert word in said


def test_a_folder_can_be_chosen(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    beginning.new(Asked(name="count", language="wat", kind="extension", folder="plugins/a b", as_json=True))
    told = json.loads(capsys.readouterr().out)
    assert told["folder"] == "plugins/a b"
    assert "plugins/a b/plugin.yaml" in told["files"]
    assert (tmp_path / "plugins/a b/plugin.yaml").is_file()


@pytest.mark.parametrize(
    ("asked", "said", "hint"),
    [
        (Asked(), "name the plugin", "wardian new word-count"),
        (Asked(name="a"), "say --language and --kind", ", c, c++, "),
        (Asked(name="a", language="c"), "say --kind", "source, action, processor"),
        (Asked(name="a", language="cobol", kind="sink"), "no language `cobol`", ", c, c++, "),
        (Asked(name="a", language="c", kind="sinc"), "no kind `sinc`", "did you mean `sink`?"),
    ],
)
def test_a_command_line_that_says_too_little_is_told_the_choices(tmp_path, monkeypatch, asked, said, hint):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Usage, match=said) as refused:
        beginning.new(asked)
    assert hint in refused.value.hint
    assert not list(tmp_path.iterdir())


def test_a_name_that_breaks_a_rule_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError):
        beginning.new(Asked(name="Count", language="c", kind="sink"))
    assert not list(tmp_path.iterdir())


def test_what_the_machine_lacks_is_told_with_what_installs_it(tmp_path, monkeypatch):
    tool = Tool("cc", lambda: None, "apt-get install cc")
    monkeypatch.setattr(languages, "language", lambda _: Language("c", "C", (tool,), lambda *_: (), lambda *_: None))
    told = "\n".join(beginning.told(tmp_path, (), "c"))
    assert "this machine lacks cc" in told
    assert "apt-get install cc" in told


def test_the_list_has_every_language_with_its_kinds(capsys):
    assert beginning.new(Asked(as_list=True, as_json=True)) == 0
    listed = {each["language"]: each for each in json.loads(capsys.readouterr().out)}
    assert tuple(listed) == languages.NAMES
    assert tuple(listed["c"]["kinds"]) == KINDS
    assert listed["wat"] == {
        "language": "wat", "title": "WebAssembly text", "kinds": ["extension"], "missing": [], "install": "",
    }  # fmt: skip
    beginning.new(Asked(as_list=True))
    shown = capsys.readouterr().out
    assert all(languages.language(name).title in shown for name in languages.NAMES)
