import pytest

from wardian.errors import StateError
from wardian.transport.tables import open_file


def test_a_file_is_of_the_pipeline_that_made_it(tmp_path):
    path = tmp_path / "words.db"
    open_file(path, "words").close()
    for name in ("words", ""):  # an empty text is whosever it is
        with open_file(path, name) as file:
            assert file.database.select("SELECT name, cursor, dead FROM pipeline", ()) == [("words", 0, 0)]
    with pytest.raises(StateError, match="`words`"):
        open_file(path, "other")


def test_what_is_refused_is_not_left_open(tmp_path):
    path = tmp_path / "words.db"
    open_file(path, "words").close()
    for _ in range(2000):
        with pytest.raises(StateError):
            open_file(path, "other")
