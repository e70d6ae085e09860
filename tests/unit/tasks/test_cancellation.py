"""What ends together, and what does not."""

from __future__ import annotations

import threading

import pytest

from wardian.errors import Cancelled
from wardian.tasks.cancellation import Cancellation


def test_cancelling_reaches_all_below_and_nothing_beside_or_above():
    root = Cancellation()
    left, right = Cancellation(root), Cancellation(root)
    below = Cancellation(left)
    left.cancel("deadline")
    assert [each.reason for each in (root, left, below, right)] == [None, "deadline", "deadline", None]


def test_the_first_reason_stays():
    node = Cancellation()
    node.cancel("failed")
    node.cancel("cancelled")
    assert node.reason == "failed"


def test_what_begins_below_what_is_cancelled_is_cancelled():
    root = Cancellation()
    root.cancel()
    assert Cancellation(root).reason == "cancelled"


def test_a_watcher_is_called_once_even_when_it_comes_late():
    node, seen = Cancellation(), []
    node.watch(seen.append)
    node.cancel("deadline")
    node.cancel("deadline")
    node.watch(seen.append)
    assert seen == ["deadline", "deadline"]


def test_a_watcher_that_was_taken_back_is_not_called():
    node, seen = Cancellation(), []
    node.watch(seen.append)()
    node.cancel()
    assert seen == []


def test_what_was_closed_stays_as_it_is_and_leaves_nothing_behind():
    root = Cancellation()
    for _ in range(100):
        Cancellation(root).close()
    gone = Cancellation(root)
    gone.close()
    assert not root._watchers
    root.cancel()
    assert gone.reason is None


def test_waiting_ends_with_the_cancellation():
    node = Cancellation()
    threading.Timer(0.05, node.cancel).start()
    assert node.wait(30)
    assert not Cancellation().wait(0.001)


def test_to_go_on_is_refused_once_it_was_cancelled():
    node = Cancellation()
    node.check()
    node.cancel()
    with pytest.raises(Cancelled):
        node.check()


def test_many_threads_cancel_and_watch_and_every_watcher_is_called_once():
    for _ in range(50):
        node, seen = Cancellation(), []
        start = threading.Barrier(8)

        def watch(node=node, seen=seen, start=start):
            start.wait()
            node.watch(seen.append)

        def cancel(node=node, start=start):
            start.wait()
            node.cancel()

        threads = [threading.Thread(target=watch) for _ in range(6)] + [
            threading.Thread(target=cancel) for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == ["cancelled"] * 6
