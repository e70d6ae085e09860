from click.testing import CliRunner

from support.authors import begun
from wardian.cli.test import test as command


def test_options_become_what_is_asked(tmp_path):
    words = [str(begun(tmp_path)), "-k", "again", "--json"]
    done = CliRunner().invoke(command, words, standalone_mode=False)
    assert done.return_value == 0
    assert '"greets again"' in done.output
    assert '"greets"' not in done.output
