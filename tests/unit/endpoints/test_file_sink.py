"""A file sink: whole lines or none, one writer, rotation."""

import json
import os
import stat

import pytest

from wardian import ConfigError, Record
from wardian.endpoints import open_sink, open_source


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out.jsonl"


@pytest.fixture
def sink(path):
    opened = []

    def made(**config):
        opened.append(open_sink("file", {"path": str(path), **config}))
        return opened[-1]

    yield made
    for each in opened:
        each.close()


def test_records_are_lines_of_json_behind_what_is_there(sink, path):
    path.write_text('{"data": 0}\n')
    assert sink().write([Record(1), Record("a\nb", key="k")]) == [None, None]
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {"data": 0}, {"data": 1}, {"data": "a\nb", "key": "k"},
    ]  # fmt: skip


def test_text_is_the_data_alone_and_a_record_that_is_none_fails_alone(sink, path):
    one, two, three = sink(format="text").write([Record("a"), Record(5), Record(b"\xff")])
    assert (one, two.kind, three) == (None, "invalid", None)
    assert path.read_bytes() == b"a\n\xff\n"


def test_nobody_else_may_read_it_unless_that_is_said(sink, path, tmp_path):
    sink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with open_sink("file", {"path": str(tmp_path / "open"), "mode": "0644"}):
        assert stat.S_IMODE((tmp_path / "open").stat().st_mode) == 0o644 & ~_umask()


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_two_sinks_do_not_write_to_one_file(sink):
    sink()
    with pytest.raises(ConfigError, match="another sink"):
        sink()


def test_what_is_no_file_is_refused(sink, path, tmp_path):
    with pytest.raises(ConfigError, match="cannot be opened"):
        open_sink("file", {"path": str(tmp_path / "no folder" / "file")})
    (tmp_path / "real").touch()
    path.symlink_to(tmp_path / "real")
    with pytest.raises(ConfigError, match="cannot be opened"):
        sink()
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ConfigError, match="no regular file"):
        sink()


def test_a_new_file_is_begun_when_one_is_full_and_so_many_are_kept(sink, path):
    one = sink(format="text", rotate=10, keep=2)
    for number in range(5):
        one.write([Record(f"line {number}")])
    assert [path.with_name(f"out.jsonl{each}").read_text() for each in ("", ".1", ".2")] == [
        "line 4\n", "line 3\n", "line 2\n",
    ]  # fmt: skip
    assert not path.with_name("out.jsonl.3").exists()


def test_a_batch_that_is_larger_than_a_file_may_be_stays_together(sink, path):
    one = sink(format="text", rotate=5)
    one.write([Record("a long line"), Record("another")])
    assert path.read_text() == "a long line\nanother\n"


def test_when_somebody_else_renames_it_a_new_one_is_begun(sink, path):
    one = sink(format="text")
    one.write([Record("a")])
    path.rename(path.with_suffix(".old"))
    one.write([Record("b")])
    assert (path.with_suffix(".old").read_text(), path.read_text()) == ("a\n", "b\n")


def test_a_line_that_was_left_unfinished_is_ended_and_stays(sink, path):
    path.write_bytes(b'{"data": 1}\n{"da')
    sink().write([Record(2)])
    assert path.read_bytes() == b'{"data": 1}\n{"da\n{"data": 2}\n'


@pytest.mark.parametrize("sync", [False, True])
def test_what_was_written_is_there_before_and_after_flush(sink, path, sync):
    one = sink(sync=sync)
    one.write([Record(1)])
    assert path.read_text() == '{"data": 1}\n'
    one.flush()
    one.flush(urgent=True)


def test_a_source_reads_what_a_sink_wrote(sink, path):
    written = [Record({"n": each}, key=str(each), tags={"even": each % 2 == 0}) for each in range(10)]
    sink().write(written)
    with open_source("file", {"path": str(path)}) as source:
        assert list(source) == written
