"""`wardian.cli.config_file`: a plugin's configuration from a file, as plain data."""

import pytest

from wardian.cli.config_file import read
from wardian.errors import ConfigError


def test_a_file_is_json_by_its_name_and_yaml_otherwise(tmp_path):
    (tmp_path / "a.json").write_text('{"a":\t1}')
    (tmp_path / "a.yaml").write_text("a: on")
    assert read(tmp_path / "a.json") == {"a": 1}
    assert read(tmp_path / "a.yaml") == {"a": "on"}


def test_what_is_wrong_is_told_with_its_lines(tmp_path):
    (tmp_path / "a.yaml").write_text("a: 1\na: 2\nb: &x 3\n")
    with pytest.raises(ConfigError) as caught:
        read(tmp_path / "a.yaml")
    assert [each.line for each in caught.value.problems] == [2, 3]
