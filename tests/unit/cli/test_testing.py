import json

import pytest

from support.authors import CASES, SOURCE, begun
from wardian.cli import testing
from wardian.cli.testing import Asked
from wardian.cli.usage import Usage
from wardian.errors import BuildError, ConfigError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return begun(tmp_path)


def test_a_plugin_that_does_what_it_should_ends_with_0(folder, capsys):
    assert testing.test(Asked()) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0].split()[0] for line in shown[:2]] == ["ok", "ok"]
    assert shown[2].startswith("2 cases passed; ")
    assert "0 broken" in shown[3]


def test_a_case_that_comes_out_otherwise_ends_with_1_and_is_shown(folder, capsys):
    (folder / "cases.yaml").write_text(CASES.replace("output: Hi}", "output: Hello}", 1))
    assert testing.test(Asked()) == 1
    shown = capsys.readouterr().out
    assert 'FAILED  greets  cases.yaml:2\n          action_call: output: expected "Hello", got "Hi"' in shown
    assert "1 of 2 cases passed" in shown


def test_a_broken_promise_alone_ends_with_7_and_is_shown(folder, capsys):
    (folder / "cases.yaml").unlink()
    (folder / "greet.wat").write_text(SOURCE.replace("0x800000003", "0x800000002"))  # half of an item
    assert testing.test(Asked()) == 7
    shown = capsys.readouterr().out
    assert "BROKEN  replies.item" in shown
    assert "expected  one item" in shown


def test_cases_are_chosen_by_a_word_and_promises_are_left_out_then(folder, capsys):
    assert testing.test(Asked(word="again")) == 0
    shown = capsys.readouterr().out
    assert "1 case passed" in shown
    assert "promises" not in shown
    with pytest.raises(Usage, match="no case has `nothing`"):
        testing.test(Asked(word="nothing"))


def test_a_module_is_tested_as_it_is_with_the_cases_near_by(folder, capsys):
    testing.test(Asked(no_promises=True))
    module = folder / "greet.wasm"
    (folder / "greet.wat").unlink()
    capsys.readouterr()
    assert testing.test(Asked(place=str(module), no_promises=True)) == 0
    assert "2 cases passed" in capsys.readouterr().out


def test_cases_can_be_of_another_file(folder, capsys):
    (folder / "others.yaml").write_text("cases: [{name: other, entry: action_call, output: 1}]")
    assert testing.test(Asked(cases="others.yaml", no_promises=True)) == 1
    assert "FAILED  other  others.yaml:1" in capsys.readouterr().out


def test_as_json_it_has_all_of_it(folder, capsys):
    assert testing.test(Asked(as_json=True)) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["passed"]
    assert told["module"].endswith("greet.wasm")
    assert [(each["name"], each["line"], each["faults"]) for each in told["cases"]] == [
        ("greets", 2, []), ("greets again", 3, []),
    ]  # fmt: skip
    assert told["promises"]["conforms"]


def test_what_cannot_be_tested_is_told(folder):
    with pytest.raises(Usage, match="no such folder or module"):
        testing.test(Asked(place="nowhere"))
    (folder / "cases.yaml").write_text("cases: [{name: a, entry: none}]")
    with pytest.raises(ConfigError, match="these cases are wrong"):
        testing.test(Asked())
    (folder / "cases.yaml").unlink()
    with pytest.raises(Usage, match=r"no cases\.yaml"):
        testing.test(Asked(word="a"))
    (folder / "greet.wat").write_text("(oops)")
    with pytest.raises(BuildError):
        testing.test(Asked())
