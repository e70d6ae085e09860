from click.testing import CliRunner

from wardian.cli.new import new


def test_a_plugin_is_begun_in_a_folder_of_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["word-count", "--language", "c", "--kind", "sink"]
    assert CliRunner().invoke(new, words, standalone_mode=False).return_value == 0
    assert (tmp_path / "word-count" / "word_count.c").is_file()
