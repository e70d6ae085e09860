"""`wardian.engine.watch`: by what files hold, and not while they are being written."""

import os
import threading

import pytest

from wardian.engine.watch import Watch, look, same

EVERY = 0.02


@pytest.fixture
def watch():
    """A watch, and what tells that it has seen a change."""
    seen = threading.Semaphore(0)
    with Watch(seen.release, every=EVERY) as made:
        made.seen = seen
        yield made


class TestLook:
    def test_the_same_is_the_same_whenever_it_was_written(self, tmp_path):
        path = tmp_path / "a"
        path.write_text("one")
        first = look([path], {})
        os.utime(path, (1, 1))
        assert same(first, look([path], first))
        path.write_text("two")
        assert not same(first, look([path], first))

    def test_what_was_not_touched_is_not_read_again(self, tmp_path):
        path = tmp_path / "a"
        path.write_text("one")
        first = look([path], {})
        assert look([path], first)[path] is first[path]

    def test_what_is_not_there_may_come_and_go(self, tmp_path):
        path = tmp_path / "a"
        none = look([path], {})
        path.write_text("")
        assert not same(none, look([path], none))
        path.unlink()
        assert same(none, look([path], {}))

    def test_of_a_folder_all_that_is_in_it_is_looked_at(self, tmp_path):
        (tmp_path / "in").mkdir()
        first = look([tmp_path], {})
        (tmp_path / "in" / "new").write_text("")
        assert list(look([tmp_path], first)) == [tmp_path / "in" / "new"]

    def test_what_is_no_file_is_not_read(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        assert same(look([tmp_path / "pipe"], {}), look([tmp_path / "pipe"], {}))


class TestWatch:
    def test_a_change_is_told_once(self, tmp_path, watch):
        path = tmp_path / "a"
        path.write_text("one")
        watch.follow([path])
        path.write_text("two")
        assert watch.seen.acquire(timeout=30)
        assert not watch.seen.acquire(timeout=10 * EVERY)

    def test_what_is_touched_and_is_the_same_is_not_told(self, tmp_path, watch):
        path = tmp_path / "a"
        path.write_text("one")
        watch.follow([path])
        path.write_text("one")
        assert not watch.seen.acquire(timeout=10 * EVERY)

    def test_a_file_that_is_still_being_written_is_waited_for(self, tmp_path):
        path = tmp_path / "a"
        path.write_text("")
        with Watch(lambda: None, every=3600) as watch, path.open("w") as file:
            watch.follow([path])
            for _ in range(3):
                file.write("part")
                file.flush()
                assert not watch._settled()
            assert [watch._settled(), watch._settled()] == [True, False]

    def test_others_are_followed_from_then_on(self, tmp_path, watch):
        one, other = tmp_path / "a", tmp_path / "b"
        watch.follow([one])
        watch.follow([other])
        one.write_text("x")
        assert not watch.seen.acquire(timeout=10 * EVERY)
        other.write_text("x")
        assert watch.seen.acquire(timeout=30)

    def test_one_that_is_closed_tells_nothing(self, tmp_path):
        seen = threading.Event()
        watch = Watch(seen.set, every=EVERY)
        watch.close()
        watch = Watch(seen.set, every=EVERY)
        watch.follow([tmp_path / "a"])
        watch.close()
        watch.close()
        (tmp_path / "a").write_text("x")
        assert not seen.wait(5 * EVERY)

    def test_what_is_called_may_close_it(self, tmp_path):
        closed = threading.Event()
        watch = Watch(lambda: (watch.close(), closed.set()), every=EVERY)
        watch.follow([tmp_path / "a"])
        (tmp_path / "a").write_text("x")
        assert closed.wait(30)
