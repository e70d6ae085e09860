import pytest

from support.letters import give_up, letter
from wardian.cli.dead_files import directory, opened, parts, require
from wardian.cli.usage import Usage


def test_with_one_pipeline_a_number_is_enough(tmp_path):
    give_up(tmp_path / "pipelines" / "words.db", letter())
    with opened(str(tmp_path), None, "1") as (letters, number):
        assert require(letters, number).value == {"data": 1}


def test_numbers_are_taken_some_hundreds_at_a_time():
    assert [len(part) for part in parts(range(1201))] == [500, 500, 201]
    assert list(parts([])) == []


def test_nothing_is_made_by_looking(tmp_path):
    with pytest.raises(Usage):
        directory(str(tmp_path / "state"))
    assert list(tmp_path.iterdir()) == []
