"""A file source: each line once, through rotations, cuts and restarts."""

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardian import ConfigError
from wardian.endpoints import open_source


@pytest.fixture
def path(tmp_path):
    return tmp_path / "app.log"


@pytest.fixture
def source(path):
    opened = []

    def made(resume=None, **config):
        opened.append(open_source("file", {"path": str(path), "format": "text", **config}, resume=resume))
        return opened[-1]

    yield made
    for each in opened:
        each.close()


@pytest.fixture
def tail(source):
    def made(resume=None, **config):
        return source(resume, follow=True, **config)

    return made


def append(path, data):
    with path.open("ab") as file:
        file.write(data)


def polled(source, times=1, demand=100):
    return [record.data for _ in range(times) for record in source.poll(demand).records]


class TestOnce:
    def test_all_lines_are_given_also_the_last_one_without_its_end(self, source, path):
        path.write_bytes(b"a\nb\r\n\nc")
        assert [each.data for each in source()] == ["a", "b", "", "c"]

    def test_it_is_done_with_the_last_line(self, source, path):
        path.write_bytes(b"a\nb\n")
        one = source()
        assert [one.poll(1).done, polled(one)] == [False, ["b"]]
        assert one.poll() == one.poll()
        assert one.poll().done

    def test_it_gives_no_more_than_is_wanted(self, source, path):
        path.write_bytes(b"x\n" * 50)
        one = source()
        assert [len(one.poll(20).records) for _ in range(3)] == [20, 20, 10]

    def test_an_empty_file_has_no_lines(self, source, path):
        path.touch()
        assert list(source()) == []

    def test_a_file_that_is_not_there_is_refused(self, source):
        with pytest.raises(ConfigError, match="no such file"):
            source()

    def test_a_bad_line_is_told_and_the_others_are_read(self, source, path):
        path.write_bytes(b'1\n{"a"\n[2]\n\xff\n' + b"9" * 50 + b"\n3")
        records = list(source(format="json", max_line=20))
        assert [each.data for each in records] == [1, b'{"a"', [2], b"\xff", b"9" * 20, 3]
        assert ["error" in each.meta for each in records] == [False, True, False, True, True, False]

    def test_long_lines_are_given_a_few_megabytes_at_a_time(self, source, path):
        path.write_bytes((b"x" * 2**20 + b"\n") * 12)
        one = source(max_line=2**20)
        assert [len(one.poll().records) for _ in range(3)] == [4, 4, 4]

    @settings(max_examples=25)
    @given(st.lists(st.text("abc", max_size=5), max_size=20), st.integers(1, 7))
    def test_resuming_anywhere_gives_each_line_once(self, tmp_path_factory, lines, demand):
        path = tmp_path_factory.mktemp("resume") / "lines"
        path.write_text("".join(f"{line}\n" for line in lines))
        seen, offset, done = [], None, False
        while not done:
            with open_source("file", {"path": str(path), "format": "text"}, resume=offset) as one:
                polled = one.poll(demand)
            seen += [each.data for each in polled.records]
            offset, done = polled.offset or offset, polled.done
        assert seen == lines


class TestFollow:
    def test_it_waits_for_the_end_of_a_line(self, tail, path):
        path.write_bytes(b"a\nb")
        one = tail()
        assert polled(one, 3) == ["a"]
        append(path, b"c\nd")
        assert polled(one, 2) == ["bc"]

    def test_it_waits_for_a_file_that_is_not_there_yet(self, tail, path):
        one = tail()
        assert polled(one) == []
        append(path, b"a\n")
        assert polled(one) == ["a"]

    def test_it_can_begin_at_the_end(self, tail, path):
        path.write_bytes(b"old\n")
        one = tail(begin="end")
        append(path, b"new\n")
        assert polled(one) == ["new"]

    def test_a_file_that_is_renamed_is_read_to_its_end_and_then_the_new_one(self, tail, path):
        path.write_bytes(b"a\n")
        one = tail()
        assert polled(one) == ["a"]
        path.rename(path.with_suffix(".1"))
        append(path.with_suffix(".1"), b"late\nwithout end")
        assert polled(one) == ["late"]
        append(path, b"b\n")
        assert polled(one) == []
        append(path.with_suffix(".1"), b", still\nlast")
        assert polled(one, 4) == ["without end, still", "last", "b"]

    def test_a_file_that_is_copied_and_cut_is_read_from_its_beginning(self, tail, path):
        path.write_bytes(b"a\nb\n")
        one = tail()
        assert polled(one) == ["a", "b"]
        shutil.copy(path, path.with_suffix(".1"))
        path.write_bytes(b"")
        assert polled(one) == []
        append(path, b"c\n")
        assert polled(one) == ["c"]

    def test_a_file_that_was_cut_and_has_grown_longer_than_it_was_is_noticed(self, tail, path):
        path.write_bytes(b"a\nb\n")
        one = tail()
        assert polled(one) == ["a", "b"]
        path.write_bytes(b"something else\nand more\n")
        assert polled(one) == ["something else", "and more"]

    def test_a_restart_goes_on_where_it_was(self, tail, path):
        path.write_bytes(b"a\nb\nc\nd")
        offset = tail().poll(2).offset
        append(path, b"e\n")
        assert polled(tail(offset)) == ["c", "de"]

    def test_a_restart_after_a_rotation_finishes_the_old_file_first(self, tail, path):
        path.write_bytes(b"a\nb\n")
        offset = tail().poll(1).offset
        path.rename(path.with_suffix(".1"))
        append(path, b"c\n")
        one = tail(offset)
        assert polled(one, 4) == ["b", "c"]
        assert polled(tail(one.poll().offset or offset), 4) == ["b", "c"]

    def test_an_offset_of_a_file_that_is_gone_begins_the_new_one(self, tail, path):
        path.write_bytes(b"a\nb\n")
        offset = tail().poll(1).offset
        path.unlink()
        append(path, b"c\n")
        assert polled(tail(offset), 3) == ["c"]

    def test_an_endless_line_is_bounded_and_the_next_one_is_read(self, tail, path):
        path.write_bytes(b"x" * 1_000_000)
        one = tail(max_line=100)
        assert polled(one) == []
        append(path, b"\nnext\n")
        assert polled(one) == [b"x" * 100, "next"]

    def test_it_is_looked_at_as_often_as_it_says(self, tail, path):
        assert tail(interval="2s").interval == 2
        assert tail(interval=0).interval == 0.01
