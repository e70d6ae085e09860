import pytest
from click.testing import CliRunner

from wardian.cli.dev import dev
from wardian.cli.usage import Usage


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere",), "no such folder"),
        (("--input", "a.json"), "go with `--call`"),
        (("--call", "action_call", "-k", "a"), "runs none"),
    ],
)
def test_what_is_wrong_with_the_command_line_is_said(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Usage, match=said):
        CliRunner().invoke(dev, words, standalone_mode=False, catch_exceptions=False)
