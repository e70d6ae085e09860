"""Keys with a time to live, in every store."""

from unit.state.stores import YEAR_MS, begin, keep, look, usage
from wardian.state.contract import Quota


class TestExpiry:
    def test_an_expired_key_is_absent_and_free(self, store, clock):
        quota = Quota(keys=1, total=100, value=100)
        keep(store, quota=quota, ttl_ms=10, a=b"1")
        clock.now_ms += 9
        assert look(store, b"a") == b"1"
        clock.now_ms += 1
        with begin(store, quota=quota) as tx:
            assert (tx.get(b"a"), tx.keys(), tx.delete(b"a")) == (None, [], False)
            tx.put(b"b", b"2")
            tx.commit()
        assert usage(store) == (1, 2)

    def test_an_expired_key_can_be_put_again(self, store, clock):
        keep(store, ttl_ms=10, a=b"old one")
        clock.now_ms += 10
        keep(store, a=b"new")
        clock.now_ms += YEAR_MS
        assert look(store, b"a") == b"new"
        assert usage(store) == (1, 4)

    def test_a_put_may_keep_the_life_that_a_key_has(self, store, clock):
        keep(store, ttl_ms=10, a=b"1")
        clock.now_ms += 9
        with begin(store) as tx:
            tx.put(b"a", b"2", keep_life=True)
            tx.put(b"new", b"3", keep_life=True)
            tx.commit()
        assert look(store, b"a") == b"2"
        clock.now_ms += 1
        assert (look(store, b"a"), look(store, b"new")) == (None, b"3")
        with begin(store) as tx:
            tx.put(b"a", b"4", keep_life=True)  # it has none any more
            tx.commit()
        clock.now_ms += YEAR_MS
        assert look(store, b"a") == b"4"

    def test_time_stands_still_within_a_transaction(self, store, clock):
        keep(store, ttl_ms=10, a=b"1")
        with begin(store) as tx:
            assert tx.get(b"a") == b"1"
            clock.now_ms += 10
            assert (tx.get(b"a"), tx.keys()) == (b"1", [b"a"])

    def test_a_clock_gone_back_neither_revives_nor_purges(self, store, clock):
        keep(store, ttl_ms=10, short=b"1")
        keep(store, ttl_ms=YEAR_MS, long=b"2")
        clock.now_ms += 10
        assert look(store, b"short") is None
        clock.now_ms -= YEAR_MS
        assert (look(store, b"short"), look(store, b"long")) == (None, b"2")
        keep(store, ttl_ms=10, fresh=b"3")
        assert look(store, b"fresh") == b"3"

    def test_expired_rows_do_not_pile_up(self, store, clock):
        quota = Quota(keys=500, total=10**6, value=100)
        for _ in range(4):
            with begin(store, quota=quota) as tx:
                for number in range(500):
                    tx.put(b"%d.%d" % (clock.now_ms, number), b"", 1)
                tx.commit()
            clock.now_ms += 1
        assert usage(store)[0] <= 1000
        for _ in range(4):
            with begin(store) as tx:
                assert tx.keys() == []
                tx.commit()
        assert usage(store) == (0, 0)
