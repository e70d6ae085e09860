"""What every state store promises, run on each."""

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from unit.state.stores import MINE, begin, count_up, keep, look, run, usage
from wardian.errors import Cancelled, CapabilityError, StateError
from wardian.state.contract import Quota, QuotaExceeded, Scope

ODD_KEYS = [
    b"%",
    b"_",
    b"*",
    b"[a-z]",
    b"\0",
    b"\0\0",
    b"a\0b",
    b"'; DROP TABLE entry; --",
    b"../other/x",
    b"\xff" * 512,
]


class TestTransactions:
    def test_what_was_committed_is_read_by_the_next(self, store):
        keep(store, a=b"1", b=b"\xf6")
        assert (look(store, b"a"), look(store, b"b"), look(store, b"c")) == (b"1", b"\xf6", None)

    def test_sees_its_own_writes_and_deletes(self, store):
        keep(store, a=b"1", b=b"2")
        with begin(store) as tx:
            tx.put(b"a", b"new")
            assert tx.delete(b"b")
            assert not tx.delete(b"b")
            tx.put(b"c", b"3")
            assert (tx.get(b"a"), tx.get(b"b"), tx.get(b"c"), tx.keys()) == (b"new", None, b"3", [b"a", b"c"])
            assert tx.delete(b"c")
            assert tx.keys() == [b"a"]
            tx.commit()
        with begin(store) as tx:
            assert tx.keys() == [b"a"]
        assert usage(store) == (1, 4)

    def test_rollback_leaves_nothing(self, store):
        keep(store, a=b"1")
        with begin(store) as tx:
            tx.put(b"a", b"2")
            tx.put(b"b", b"3")
            tx.rollback()
        with begin(store) as tx:
            assert (tx.get(b"a"), tx.keys()) == (b"1", [b"a"])

    def test_leaving_its_block_without_a_commit_rolls_back(self, store):
        with suppress(LookupError), begin(store) as tx:
            tx.put(b"a", b"1")
            raise LookupError
        assert look(store, b"a") is None

    @pytest.mark.parametrize("end", ["commit", "rollback"])
    def test_ends_exactly_once(self, store, end):
        with begin(store) as tx:
            tx.put(b"a", b"1")
            getattr(tx, end)()
        for use in (
            tx.commit, tx.rollback, tx.keys,
            lambda: tx.get(b"a"), lambda: tx.put(b"a", b"2"), lambda: tx.delete(b"a"),
        ):  # fmt: skip
            with pytest.raises(StateError) as caught:
                use()
            assert caught.value.code == "state_closed"

    def test_a_forgotten_one_warns_and_frees_its_scope(self, store):
        with pytest.warns(ResourceWarning, match="neither committed nor rolled back"):
            begin(store)
        keep(store, a=b"1")

    def test_counts_the_bytes_put(self, store):
        with begin(store) as tx:
            tx.put(b"key", b"12345")
            tx.put(b"key", b"1")
            tx.delete(b"key")
            assert tx.written == 12

    def test_nothing_works_after_the_store_is_closed(self, store):
        tx = begin(store)
        store.close()
        store.close()
        for use in (lambda: tx.get(b"a"), lambda: begin(store), store.scopes, lambda: store.clear(MINE)):
            with pytest.raises(StateError) as caught:
                use()
            assert caught.value.code == "state_closed"
        tx.rollback()


class TestScopes:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (("a/b", ""), ("a", "b")),
            (("a", "b/c"), ("a/b", "c")),
            (("ab", "c"), ("a", "bc")),
            (("a\0", "b"), ("a", "\0b")),
            (("a\0b", "x"), ("a", "x")),
            (("%", "%"), ("a", "b")),
            (("' OR 1=1 --", "x"), ("a", "x")),
            (("é", ""), ("e\u0301", "")),
            (("A", "x"), ("a", "x")),
        ],
    )
    def test_no_name_reads_the_state_of_another(self, store, one, other):
        keep(store, Scope(*one), key=b"mine")
        with begin(store, Scope(*other)) as tx:
            assert tx.get(b"key") is None
            assert tx.keys() == []
            tx.put(b"key", b"theirs")
            tx.commit()
        store.clear(Scope(*other))
        assert look(store, b"key", Scope(*one)) == b"mine"
        assert [found.scope for found in store.scopes()] == [Scope(*one)]

    def test_no_key_means_anything_but_itself(self, store):
        keep(store, Scope("other", "one"), secret=b"x")
        with begin(store) as tx:
            for key in ODD_KEYS:
                tx.put(key, key)
            tx.commit()
        with begin(store) as tx:
            assert tx.keys() == sorted(ODD_KEYS)
            assert [tx.get(key) for key in ODD_KEYS] == ODD_KEYS
            assert tx.keys(b"%") == [b"%"]
            assert tx.keys(b"[") == [b"[a-z]"]
            assert tx.keys(b"\0") == [b"\0", b"\0\0"]
            assert all(tx.delete(key) for key in ODD_KEYS)
            tx.commit()
        assert usage(store) == (0, 0)

    def test_a_cleared_scope_starts_anew(self, store):
        keep(store, a=b"1", b=b"2")
        store.clear(MINE)
        assert store.scopes() == []
        assert look(store, b"a") is None
        keep(store, a=b"3")
        assert usage(store) == (1, 2)

    def test_are_listed_with_what_they_take(self, store, clock):
        keep(store, Scope("b", "1"), k=b"12")
        keep(store, Scope("a", "2"), k=b"1", l=b"2")
        listed = [(found.scope.plugin, found.keys, found.total, found.written_ms) for found in store.scopes()]
        assert listed == [("a", 2, 4, clock.now_ms), ("b", 1, 3, clock.now_ms)]


class TestQuotas:
    def put(self, store, quota, key, value):
        with begin(store, quota=quota) as tx:
            tx.put(key, value)
            tx.commit()

    def refused(self, store, quota, key, value):
        with begin(store, quota=quota) as tx, pytest.raises(QuotaExceeded) as caught:
            tx.put(key, value)
        assert caught.value.kind == "exhausted"
        return caught.value.limit, caught.value.value, caught.value.asked

    def test_of_keys_is_exact(self, store):
        quota = Quota(keys=2, total=100, value=100)
        self.put(store, quota, b"a", b"")
        self.put(store, quota, b"b", b"")
        assert self.refused(store, quota, b"c", b"") == ("state_keys", 2, 3)
        self.put(store, quota, b"a", b"replaced")

    def test_of_bytes_is_exact(self, store):
        quota = Quota(keys=9, total=10, value=100)
        self.put(store, quota, b"aa", b"123")
        self.put(store, quota, b"bb", b"123")
        assert self.refused(store, quota, b"bb", b"1234") == ("state_bytes", 10, 11)
        assert self.refused(store, quota, b"c", b"") == ("state_bytes", 10, 11)
        assert usage(store) == (2, 10)

    def test_of_a_value_is_exact(self, store):
        quota = Quota(keys=9, total=100, value=3)
        self.put(store, quota, b"aa", b"123")
        assert self.refused(store, quota, b"a", b"1234") == ("state_value", 3, 4)

    def test_refuse_without_ending_the_transaction(self, store):
        with begin(store, quota=Quota(keys=1, total=100, value=100)) as tx:
            tx.put(b"a", b"1")
            with pytest.raises(QuotaExceeded):
                tx.put(b"b", b"2")
            assert tx.delete(b"a")
            tx.put(b"b", b"2")
            tx.commit()
        assert usage(store) == (1, 2)

    def test_when_lowered_let_a_scope_shrink_but_not_grow(self, store):
        keep(store, a=b"12345", b=b"12345")
        with begin(store, quota=Quota(keys=1, total=5, value=100)) as tx:
            tx.put(b"a", b"1")
            with pytest.raises(QuotaExceeded):
                tx.put(b"a", b"12")
            with pytest.raises(QuotaExceeded):
                tx.put(b"c", b"")
            tx.commit()
        assert usage(store) == (2, 8)

    def test_hold_against_many_threads(self, store):
        quota = Quota(keys=20, total=50, value=100)

        def fill(worker):
            for number in range(20):
                with begin(store, quota=quota) as tx:
                    try:
                        tx.put(b"%d.%d" % (worker, number), b"")
                    except QuotaExceeded:
                        continue
                    tx.commit()

        run(fill, range(4))
        keys, total = usage(store)
        assert keys <= 20
        assert 47 <= total <= 50


class TestThreads:
    def test_lose_no_update_of_one_scope(self, store):
        run(lambda _: count_up(store, 500), range(8))
        assert look(store, b"n") == b"4000"

    def test_of_different_scopes_lose_none_either(self, store):
        run(lambda worker: count_up(store, 200, Scope("counter", str(worker))), range(8))
        assert [look(store, b"n", Scope("counter", str(worker))) for worker in range(8)] == [b"200"] * 8

    def test_of_different_scopes_do_not_wait_for_each_other(self, store):
        with begin(store) as slow:
            slow.put(b"n", b"1")
            for number in range(20):
                keep(store, Scope("counter", str(number)), n=b"2")
            slow.commit()
        assert look(store, b"n") == b"1"

    def test_that_would_wait_for_themselves_are_told_at_once(self, store):
        with begin(store) as tx:
            tx.put(b"a", b"1")
            started = time.monotonic()
            for use in (lambda: begin(store), lambda: store.clear(MINE)):
                with pytest.raises(CapabilityError) as caught:
                    use()
                assert caught.value.kind == "conflict"
            assert time.monotonic() - started < 1
            tx.commit()
        assert look(store, b"a") == b"1"

    def test_that_wait_too_long_are_told_to_come_back(self, store):
        with begin(store), ThreadPoolExecutor(1) as pool:
            for patience in (0.05, -1.0):
                error = pool.submit(begin, store, patience=patience).exception(timeout=10)
                assert isinstance(error, CapabilityError)
                assert error.kind == "transient"
                assert error.retry_after_ms > 0
        begin(store, patience=-1.0).rollback()  # a free scope needs no wait

    def test_that_wait_can_be_cancelled(self, store):
        with begin(store), ThreadPoolExecutor(1) as pool:
            looks = itertools.count()
            waiting = pool.submit(begin, store, cancelled=lambda: next(looks) > 2)
            assert isinstance(waiting.exception(timeout=10), Cancelled)
        keep(store, a=b"1")

    def test_may_end_what_another_began(self, store):
        tx = begin(store)
        thread = threading.Thread(target=tx.rollback)
        thread.start()
        thread.join()
        keep(store, a=b"1")
