"""`wardian.document.reading`: files and texts, bounded."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.document import yaml_text
from wardian.document.reading import MANIFEST_DEPTH, MANIFEST_MOST, MOST, parse, read
from wardian.errors import ConfigError


def test_a_file_is_json_by_its_name_and_yaml_otherwise(tmp_path):
    (tmp_path / "a.json").write_text('{"a":\t1}')
    (tmp_path / "a.yaml").write_text("\ufeffa: on", "utf-8")
    assert read(tmp_path / "a.json").plain() == {"a": 1}
    assert read(tmp_path / "a.yaml").plain() == {"a": "on"}


@pytest.mark.parametrize("most", [MOST, MANIFEST_MOST])
def test_a_file_that_is_too_large_is_not_parsed(tmp_path, monkeypatch, most):
    monkeypatch.setattr(yaml_text, "build", None)
    (tmp_path / "big.yaml").write_bytes(b"#" * (most + 1))
    with pytest.raises(ConfigError, match="too large"):
        read(tmp_path / "big.yaml", most=most)


def test_depth_is_what_was_asked_for():
    text = "a: " + "[" * (MANIFEST_DEPTH - 1) + "]" * (MANIFEST_DEPTH - 1)
    assert parse(text, "x", depth=MANIFEST_DEPTH)
    with pytest.raises(ConfigError, match="20 levels"):
        parse(text.replace("a: ", "a: [") + "]", "x", depth=MANIFEST_DEPTH)


@pytest.mark.parametrize(
    ("content", "line", "found"),
    [
        (b"a: 1\nb: \xff\n", 2, "other bytes"), ("a: 1".encode("utf-16"), 1, "UTF-16"),
        (b"\xfe\xff\0a", 1, "UTF-16"),
    ],
)  # fmt: skip
def test_what_is_not_utf_8_says_so_with_its_line(content, line, found):
    with pytest.raises(ConfigError, match="UTF-8") as caught:
        parse(content, "x.yaml")
    (problem,) = caught.value.problems
    assert (problem.line, problem.found) == (line, found)


def test_what_cannot_be_read_says_so(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        read(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        read(tmp_path)
    with pytest.raises(ConfigError, match="cannot be read"):
        read(tmp_path / "\0")


@given(st.binary(max_size=80) | st.text(max_size=80), st.sampled_from(["x.yaml", "x.json"]))
def test_whatever_it_is_given_it_raises_nothing_but_a_config_error(content, file):
    with contextlib.suppress(ConfigError):
        assert isinstance(parse(content, file).plain(), dict)
