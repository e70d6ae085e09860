import pytest

from unit.state.stores import MINE, Clock, begin, keep, usage
from wardian.errors import StateError
from wardian.state.contract import Scope
from wardian.state.memory import MemoryStore


def test_a_snapshot_holds_what_is_committed_and_alive_in_key_order():
    clock = Clock()
    with MemoryStore(now_ms=clock) as store:
        keep(store, b=b"2", a=b"1")
        keep(store, ttl_ms=5, c=b"3")
        with begin(store) as tx:
            tx.put(b"d", b"4")
            assert list(store.snapshot(MINE).items()) == [(b"a", b"1"), (b"b", b"2"), (b"c", b"3")]
        clock.now_ms += 5
        assert store.snapshot(MINE) == {b"a": b"1", b"b": b"2"}
        assert store.snapshot(Scope("nobody", "")) == {}


def test_a_snapshot_is_a_copy():
    with MemoryStore() as store:
        keep(store, a=b"1")
        store.snapshot(MINE).clear()
        assert usage(store) == (1, 2)


def test_a_commit_after_the_store_is_closed_is_refused():
    store = MemoryStore()
    with begin(store) as tx:
        tx.put(b"a", b"1")
        store.close()
        with pytest.raises(StateError):
            tx.commit()


def test_a_closed_store_has_forgotten_everything():
    store = MemoryStore()
    keep(store, a=b"1")
    store.close()
    with pytest.raises(StateError):
        store.snapshot(MINE)
