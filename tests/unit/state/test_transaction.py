"""What a transaction takes, and how it answers, over the shelves of both stores."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from unit.state.stores import Clock, begin
from wardian.errors import CapabilityError
from wardian.state.contract import MAX_PAGE, MAX_TTL_MS, Quota, QuotaExceeded, Scope
from wardian.state.memory import MemoryStore
from wardian.state.sqlite import SqliteStore


class TestArguments:
    @pytest.mark.parametrize("key", [b"", b"x" * 513, b"x" * 2**20, "text", None, 1, bytearray(b"a")])
    def test_a_key_is_1_to_512_bytes(self, store, key):
        with begin(store) as tx:
            tx.put(b"x" * 512, b"fits")
            for use in (tx.get, tx.delete, lambda key: tx.put(key, b"")):
                with pytest.raises(CapabilityError) as caught:
                    use(key)
                assert caught.value.kind == "invalid"

    @pytest.mark.parametrize("ttl", [0, -1, -(2**70), MAX_TTL_MS + 1, 2**70, float("nan"), 1.5, "5", True])
    def test_a_life_is_1_ms_to_a_century(self, store, ttl):
        with begin(store) as tx:
            with pytest.raises(CapabilityError) as caught:
                tx.put(b"k", b"v", ttl)
            assert caught.value.kind == "invalid"
            assert tx.get(b"k") is None
            tx.put(b"k", b"v", 1)
            tx.put(b"k", b"v", MAX_TTL_MS)
            tx.commit()

    @pytest.mark.parametrize(
        "wrong", [{"prefix": "a"}, {"prefix": b"a" * 513}, {"after": "a"}, {"limit": -1}, {"limit": None}]
    )
    def test_a_listing_takes_bytes_and_a_count(self, store, wrong):
        with begin(store) as tx, pytest.raises(CapabilityError) as caught:
            tx.keys(**wrong)
        assert caught.value.kind == "invalid"

    def test_a_value_is_bytes(self, store):
        with begin(store) as tx, pytest.raises(CapabilityError):
            tx.put(b"k", "text")


class TestListing:
    KEYS = (b"\0", b"a", b"a\0", b"a\xff", b"a\xff\xff", b"a\xff\xff\0", b"b", b"\xfe", b"\xff", b"\xff\0", b"\xff\xff")

    @pytest.fixture(params=["committed", "own", "both"])
    def tx(self, store, request):
        half = {"committed": self.KEYS, "own": (), "both": self.KEYS[::2]}[request.param]
        with begin(store) as tx:
            for key in half:
                tx.put(key, b"")
            tx.commit()
        with begin(store) as tx:
            for key in set(self.KEYS) - set(half):
                tx.put(key, b"")
            yield tx

    def test_pages_in_byte_order_miss_and_repeat_nothing(self, tx):
        for size in range(1, len(self.KEYS) + 2):
            found, after = [], None
            while page := tx.keys(b"", after, size):
                assert len(page) <= size
                found += page
                after = page[-1]
            assert found == list(self.KEYS)

    @pytest.mark.parametrize("prefix", [b"", b"a", b"a\xff", b"a\xff\xff", b"\xff", b"\xff\xff", b"\xff\xff\xff", b"c"])
    def test_holds_what_begins_with_the_prefix(self, tx, prefix):
        whole = [key for key in self.KEYS if key.startswith(prefix)]
        assert tx.keys(prefix) == whole
        for after in (*self.KEYS, b"a\x01", b"c"):
            assert tx.keys(prefix, after) == [key for key in whole if key > after]

    def test_fills_its_page_past_deleted_keys(self, tx):
        for key in self.KEYS[:9]:
            assert tx.delete(key)
        assert tx.keys(limit=1) == [self.KEYS[9]]
        assert tx.keys(limit=0) == []

    def test_is_capped(self, store):
        with begin(store, quota=Quota(keys=10**6, total=10**9, value=1)) as tx:
            for number in range(MAX_PAGE + 1):
                tx.put(b"%d" % number, b"")
            assert len(tx.keys(limit=10**12)) == MAX_PAGE


SCOPES = [Scope("a", "b"), Scope("a/b", "")]
SMALL = Quota(keys=5, total=40, value=12)
KEYS = st.text(st.sampled_from("a%\0\xff"), min_size=1, max_size=3).map(lambda text: text.encode("latin-1"))
VALUES = st.integers(0, 13).map(lambda size: b"x" * size)
ANY = st.sampled_from(SCOPES)


class Calls(RuleBasedStateMachine):
    """Random calls on a store, each answer compared with that of dictionaries of `key: (value, expires)`."""

    def __init__(self):
        super().__init__()
        self.clock = Clock()
        self.highest = self.clock.now_ms  # the latest time that any transaction can have seen
        self.folder = TemporaryDirectory()
        self.store = self.make(Path(self.folder.name) / "state.db")
        self.kept = {scope: {} for scope in SCOPES}
        self.open = {}  # scope: transaction, rows as it sees them, its time
        self.let_time_pass(0)  # so that the store has seen the time that the model begins at

    def opened(self, scope):
        if scope not in self.open:
            tx = begin(self.store, scope, SMALL)
            tx.get(b"look")  # a transaction's time is that of its first operation
            self.open[scope] = tx, alive(self.kept[scope], self.highest), self.highest
        return self.open[scope]

    @rule(scope=ANY, key=KEYS, value=VALUES, ttl=st.none() | st.integers(1, 30))
    def put(self, scope, key, value, ttl):
        tx, rows, now = self.opened(scope)
        wanted = rows | {key: (value, None if ttl is None else now + ttl)}
        total = sum(len(name) + len(row[0]) for name, row in wanted.items())
        if len(value) > SMALL.value or len(wanted) > SMALL.keys or total > SMALL.total:
            with pytest.raises(QuotaExceeded):
                tx.put(key, value, ttl)
        else:
            tx.put(key, value, ttl)
            rows.update(wanted)

    @rule(scope=ANY, key=KEYS)
    def delete(self, scope, key):
        tx, rows, _ = self.opened(scope)
        assert tx.delete(key) == (rows.pop(key, None) is not None)

    @rule(scope=ANY, key=KEYS)
    def get(self, scope, key):
        tx, rows, _ = self.opened(scope)
        assert tx.get(key) == rows.get(key, (None,))[0]

    @rule(scope=ANY, prefix=st.just(b"") | KEYS, after=st.none() | KEYS, limit=st.integers(0, 5))
    def keys(self, scope, prefix, after, limit):
        tx, rows, _ = self.opened(scope)
        found = sorted(key for key in rows if key.startswith(prefix) and (after is None or key > after))
        assert tx.keys(prefix, after, limit) == found[:limit]

    @rule(scope=ANY, commits=st.booleans())
    def end(self, scope, commits):
        if scope in self.open:
            tx, rows, _ = self.open.pop(scope)
            if commits:
                tx.commit()
                self.kept[scope] = rows
            else:
                tx.rollback()

    @rule(scope=ANY)
    def clear(self, scope):
        if scope not in self.open:
            self.store.clear(scope)
            self.kept[scope] = {}

    @rule(milliseconds=st.integers(-50, 50))
    def let_time_pass(self, milliseconds):
        self.clock.now_ms += milliseconds
        self.highest = max(self.highest, self.clock.now_ms)
        with begin(self.store, Scope("watch", "")) as tx:
            tx.get(b"look")

    def teardown(self):
        for tx, _, _ in self.open.values():
            tx.rollback()
        for found in self.store.scopes():
            with begin(self.store, found.scope, SMALL) as tx:
                values = {key: tx.get(key) for key in sorted(tx.keys())}
            rows = alive(self.kept[found.scope], self.highest)
            assert values == {key: value for key, (value, _) in rows.items()}
            assert found.keys >= len(values)
        self.store.close()
        self.folder.cleanup()


def alive(rows, now):
    return {key: (value, expires) for key, (value, expires) in rows.items() if expires is None or expires > now}


class MemoryCalls(Calls):
    def make(self, path):
        return MemoryStore(now_ms=self.clock)


class SqliteCalls(Calls):
    def make(self, path):
        return SqliteStore(path, now_ms=self.clock)


TestMemoryAgainstModel = MemoryCalls.TestCase
TestSqliteAgainstModel = SqliteCalls.TestCase
TestMemoryAgainstModel.settings = TestSqliteAgainstModel.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None
)
