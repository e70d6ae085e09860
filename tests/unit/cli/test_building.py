import json

import pytest

from support.authors import begun
from wardian.cli import building
from wardian.errors import BuildError
from wardian.toolchain.build import Built


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return begun(tmp_path / "greet")


def test_a_build_says_where_the_module_is_how_large_and_how_long_it_took(folder, capsys):
    assert building.build(building.Asked(folder="greet")) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    size = (folder / "greet.wasm").stat().st_size
    assert shown.err.startswith(f"built greet/greet.wasm: {size} bytes, in ")


def test_an_output_is_put_where_it_is_wanted_and_its_folder_is_made(folder, tmp_path, capsys):
    building.build(building.Asked(folder="greet", output="plugins/a/b.wasm"))
    assert (tmp_path / "plugins/a/b.wasm").is_file()
    assert not (folder / "greet.wasm").exists()


def test_as_json_it_has_all_that_is_worth_knowing(folder, capsys):
    building.build(building.Asked(folder="greet", as_json=True))
    told = json.loads(capsys.readouterr().out)
    assert told.pop("seconds") >= 0
    assert told == {
        "module": str(folder / "greet.wasm"), "name": "acme/greet", "version": "1.0.0", "language": "wat",
        "size": (folder / "greet.wasm").stat().st_size, "optimised": False,
    }  # fmt: skip


def test_a_failure_is_raised_and_prints_nothing(folder, capsys):
    (folder / "greet.wat").write_text("(oops)")
    with pytest.raises(BuildError):
        building.build(building.Asked(folder="greet"))
    assert capsys.readouterr() == ("", "")


def test_what_made_it_smaller_is_told(folder):
    assert "made smaller by wasm-opt" in building.told(Built(folder / "greet.wasm", 10, 0.1, optimised=True))


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 bytes"), (999, "999 bytes"), (12_345, "12.3 kB"), (1_234_567, "1.23 MB")]
)
def test_a_size_is_short(count, text):
    assert building.size(count) == text
