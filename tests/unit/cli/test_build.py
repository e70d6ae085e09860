from click.testing import CliRunner

from support.authors import begun
from wardian.cli.build import build


def test_the_folder_is_this_one_unless_another_is_named(tmp_path, monkeypatch):
    begun(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(build, [], standalone_mode=False).return_value == 0
    assert (tmp_path / "greet.wasm").is_file()
