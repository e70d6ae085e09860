"""`wardian.cli.request_input`: an argument, a file, or standard input."""

import io
import types

import pytest

from wardian.cli import request_input
from wardian.cli.request_input import Line, opened, read_lines, read_value, to_value
from wardian.cli.usage import Usage


@pytest.fixture
def stdin(monkeypatch):
    return lambda content: monkeypatch.setattr(
        request_input.sys, "stdin", types.SimpleNamespace(buffer=io.BytesIO(content))
    )


def test_without_an_argument_the_request_is_null():
    assert read_value(None, text=False) is None
    assert read_value(None, text=True) is None


def test_an_argument_is_json_or_with_text_itself():
    assert read_value('{"a": [1, "x"]}', text=False) == {"a": [1, "x"]}
    assert read_value("hello", text=True) == "hello"


def test_a_file_and_standard_input_are_read_whole(tmp_path, stdin):
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf[1]\n")
    assert read_value(f"@{tmp_path}/a.json", text=False) == [1]
    stdin("Größe\r\n".encode())
    assert read_value("-", text=True) == "Größe\r\n"


@pytest.mark.parametrize("content", [b"\xff", b'"\xc3"', b"\xed\xa0\x80"])
@pytest.mark.parametrize("text", [True, False])
def test_what_is_no_utf_8_says_so_and_where(content, text):
    with pytest.raises(Usage, match="no UTF-8: byte") as caught:
        to_value(content, "in.txt", text=text)
    assert caught.value.where == "in.txt"


def test_wrong_json_of_a_file_names_the_file(tmp_path):
    (tmp_path / "a.json").write_text("{\n  x")
    with pytest.raises(Usage, match="line 2, column 3") as caught:
        read_value(f"@{tmp_path}/a.json", text=False)
    assert caught.value.where == f"{tmp_path}/a.json"


@pytest.mark.parametrize("name", ["", "none.json", "."])
def test_a_file_that_cannot_be_read_says_so(name, tmp_path):
    given = f"@{tmp_path}/{name}" if name else "@"
    with pytest.raises(Usage, match=r"no such file|is a directory") as caught:
        read_value(given, text=False)
    assert caught.value.hint


def test_lines_are_counted_and_lose_their_ends(tmp_path):
    (tmp_path / "in").write_bytes(b"a\r\n\nb\rc")
    with opened(f"@{tmp_path}/in") as stream:
        assert list(read_lines(stream, "@in")) == [Line(1, b"a", 3), Line(2, b"", 4), Line(3, b"b\rc", 7)]
