import pytest

from wardian import whole_file


def test_a_file_is_put_in_the_place_of_the_former_one_and_everybody_may_read_it(tmp_path):
    path = tmp_path / "a.wasm"
    for content in (b"first", b"second"):
        whole_file.write(path, content)
        assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_leaves_the_former_and_nothing_beside_it(tmp_path):
    path = tmp_path / "a.wasm"
    path.mkdir()  # a file cannot take the place of a folder
    with pytest.raises(OSError, match=r"a\.wasm"):
        whole_file.write(path, b"content")
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(OSError, match="nowhere"):
        whole_file.write(tmp_path / "nowhere" / "a", b"")
