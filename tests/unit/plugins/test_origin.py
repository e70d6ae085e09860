import pytest

from wardian.errors import LimitExceeded, PackageError
from wardian.plugins.origin import read


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_are_wasm_and_named_by_their_digest(kind):
    source = read(kind(b"\0asm"), 100)
    assert (source.content, source.text) == (b"\0asm", False)
    assert source.name.startswith("sha256-")


def test_a_path_is_text_by_its_name(tmp_path):
    for name, text in (("a.wasm", False), ("a.wat", True), ("a", False)):
        (tmp_path / name).write_bytes(b"content")
        for path in (tmp_path / name, str(tmp_path / name)):
            source = read(path, 100)
            assert (source.content, source.text, source.name, source.where) == (
                b"content",
                text,
                "a",
                str(tmp_path / name),
            )


def test_the_home_of_the_user_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.wasm").write_bytes(b"content")
    assert read("~/a.wasm", 100).content == b"content"


def test_a_file_that_is_not_there_hints_at_those_that_are(tmp_path):
    (tmp_path / "other.wasm").touch()
    with pytest.raises(PackageError) as caught:
        read(tmp_path / "a.wasm", 100)
    assert caught.value.code == "not_found"
    assert "other.wasm" in caught.value.hint
    with pytest.raises(PackageError) as caught:
        read(tmp_path / "nowhere" / "a.wasm", 100)
    assert caught.value.hint


def test_a_directory_is_no_plugin(tmp_path):
    with pytest.raises(PackageError) as caught:
        read(tmp_path, 2**30)
    assert caught.value.code == "unreadable"


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    with (tmp_path / "a.wasm").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(LimitExceeded) as caught:
        read(tmp_path / "a.wasm", 100)
    assert (caught.value.limit, caught.value.asked) == ("module", 2**40)


@pytest.mark.parametrize("given", [None, 1, ["a.wasm"], object()])
def test_anything_else_is_neither_path_nor_bytes(given):
    with pytest.raises(TypeError, match="expected a path or the bytes"):
        read(given, 100)
