import os
import threading
import time

import pytest

from wardian.errors import CapabilityError, StateError
from wardian.state.contract import Scope, never_cancelled
from wardian.state.scope_lock import ScopeLocks, _offset

MINE = Scope("counter", "one")


def test_keeps_nothing_about_scopes_that_nobody_holds():
    locks = ScopeLocks()
    for number in range(100):
        locks.acquire(Scope("counter", str(number)), 0.0, never_cancelled)
        locks.release(Scope("counter", str(number)))
    locks.acquire(MINE, 0.0, never_cancelled)
    with pytest.raises(CapabilityError):
        locks.acquire(MINE, 0.0, never_cancelled)
    locks.release(MINE)
    assert not locks._turns


def test_the_next_is_woken_at_once():
    locks = ScopeLocks()
    locks.acquire(MINE, 0.0, never_cancelled)
    had = []

    def wait():
        locks.acquire(MINE, time.monotonic() + 10, never_cancelled)
        had.append(time.monotonic())
        locks.release(MINE)

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.1)
    released = time.monotonic()
    locks.release(MINE)
    thread.join()
    assert had[0] - released < 0.5


def test_the_lock_file_is_private_and_never_reached_by_a_link(tmp_path):
    locks = ScopeLocks(tmp_path / "lock")
    assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600
    locks.close()
    locks.close()
    (tmp_path / "link").symlink_to(tmp_path / "lock")
    with pytest.raises(StateError, match="lock file"):
        ScopeLocks(tmp_path / "link")


def test_closing_lets_go_and_refuses_the_next(tmp_path):
    one, two = ScopeLocks(tmp_path / "lock"), ScopeLocks(tmp_path / "lock")
    one.acquire(MINE, 0.0, never_cancelled)
    with pytest.raises(CapabilityError):
        two.acquire(MINE, 0.0, never_cancelled)
    one.close()
    two.acquire(MINE, 0.0, never_cancelled)
    one.release(MINE)  # of a file that is closed: nothing
    with pytest.raises(StateError):
        one.acquire(MINE, 0.0, never_cancelled)
    two.release(MINE)
    two.close()


def test_is_not_handed_to_programs_that_are_started(tmp_path):
    locks = ScopeLocks(tmp_path / "lock")
    assert not os.get_inheritable(locks._file)
    locks.close()


def test_names_that_join_alike_have_bytes_of_their_own():
    scopes = [Scope("ab", "c"), Scope("a", "bc"), Scope("abc", ""), Scope("", "abc"), Scope("a\0b", "c")]
    offsets = {_offset(scope) for scope in scopes}
    assert len(offsets) == len(scopes)
    assert all(0 <= offset < 2**62 for offset in offsets)
