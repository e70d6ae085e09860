"""State that is staged, against a store that keeps at once whatever a transaction commits."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.state.stores import MINE, Clock, begin, keep, look, usage
from wardian.errors import CapabilityError
from wardian.state.contract import Scope
from wardian.state.memory import MemoryStore
from wardian.state.sqlite import SqliteStore
from wardian.state.staged import StagedStore

OTHER = Scope("counter", "two")


def write(stage, of=None, held=(), between=lambda: None):
    """Write what is staged below, as its owner does, in one transaction."""
    staged = stage.staged(of, held)
    below = stage.below
    if isinstance(below, SqliteStore):
        below.database.write(lambda connection: [below.put(connection, *each) for each in staged])
    else:
        for scope, batch in staged:
            below.shelf(scope).write(batch)
    between()
    stage.settle(staged)


@pytest.fixture(params=["memory", "sqlite"])
def below(request, path, clock):
    with MemoryStore(now_ms=clock) if request.param == "memory" else SqliteStore(path, now_ms=clock) as below:
        yield below


@pytest.fixture
def stage(below):
    with StagedStore(below) as stage:
        yield stage


def test_what_is_staged_is_seen_at_once_and_is_below_once_it_was_written(stage, below):
    keep(stage, a=b"1")
    assert (look(stage, b"a"), below.scopes()) == (b"1", [])
    write(stage)
    assert (look(below, b"a"), usage(below), usage(stage)) == (b"1", (1, 2), (1, 2))
    assert stage.staged() == []
    assert stage.size() == 0


def test_what_is_forgotten_was_never_there(stage):
    keep(stage, a=b"1")
    write(stage)
    keep(stage, a=b"2", b=b"3")
    stage.forget()
    assert (look(stage, b"a"), look(stage, b"b"), usage(stage)) == (b"1", None, (1, 2))


def test_what_is_kept_is_not_forgotten(stage):
    keep(stage, a=b"1")
    stage.keep()
    keep(stage, a=b"2", b=b"3")
    stage.forget()
    assert (look(stage, b"a"), look(stage, b"b")) == (b"1", None)
    write(stage, held=None)
    assert look(stage.below, b"a") == b"1"


def test_of_a_held_scope_only_what_was_kept_is_written(stage, below):
    keep(stage, a=b"1")
    stage.keep()
    keep(stage, a=b"2")
    keep(stage, OTHER, a=b"other")
    write(stage, held=[MINE])
    assert (look(below, b"a"), look(below, b"a", OTHER)) == (b"1", b"other")
    assert look(stage, b"a") == b"2"
    stage.forget()
    assert look(stage, b"a") == b"1"


def test_scopes_may_be_written_and_forgotten_apart(stage, below):
    keep(stage, a=b"1")
    keep(stage, OTHER, a=b"2")
    write(stage, MINE.__eq__)
    stage.forget(OTHER.__eq__)
    assert [found.scope for found in below.scopes()] == [MINE]
    assert look(stage, b"a", OTHER) is None


def test_what_is_staged_while_it_is_written_stays_staged(stage, below):
    keep(stage, a=b"1", b=b"1", c=b"1")

    def meanwhile():
        keep(stage, a=b"22", d=b"4")
        with begin(stage) as tx:
            tx.delete(b"b")
            tx.commit()

    write(stage, between=meanwhile)
    assert usage(below) == (3, 6)
    assert usage(stage) == (3, 7)
    write(stage)
    assert usage(below) == usage(stage) == (3, 7)
    assert (look(below, b"a"), look(below, b"b"), look(below, b"d")) == (b"22", None, b"4")


def test_a_transaction_that_was_open_when_its_state_was_set_back_is_refused(stage):
    with begin(stage) as tx:
        tx.put(b"a", b"1")
        stage.forget()
        with pytest.raises(CapabilityError) as caught:
            tx.commit()
    assert caught.value.kind == "conflict"
    assert look(stage, b"a") is None


def test_an_open_transaction_goes_on_while_what_it_read_is_written(stage, below):
    keep(stage, a=b"1")
    with begin(stage) as tx:
        assert tx.get(b"a") == b"1"
        write(stage)
        tx.put(b"a", b"22")
        tx.commit()
    write(stage)
    assert (look(below, b"a"), usage(below)) == (b"22", (1, 3))


def test_somebody_elses_commit_below_is_noticed_when_it_is_written(path):
    with SqliteStore(path) as below, StagedStore(below) as stage, SqliteStore(path) as other:
        keep(stage, a=b"1")
        keep(other, a=b"2")
        with pytest.raises(CapabilityError) as caught:
            write(stage)
        assert caught.value.kind == "conflict"
        assert look(below, b"a") == b"2"


def test_several_scopes_are_written_all_or_none(path):
    with SqliteStore(path) as below, StagedStore(below) as stage:
        keep(stage, a=b"1")
        keep(stage, OTHER, a=b"2")
        keep(below, OTHER, a=b"3")
        with pytest.raises(CapabilityError):
            write(stage)
        assert [found.scope for found in below.scopes()] == [OTHER]


def test_a_key_with_a_life_that_is_put_again_and_again_takes_no_more_room(stage):
    for number in range(5000):
        keep(stage, ttl_ms=10_000, a=b"%d" % number)
    (room,) = stage._rooms.values()
    assert len(room._aging) < 1100


KEYS = st.sampled_from([b"a", b"b", b"c", b"d"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), KEYS, st.binary(max_size=3), st.none() | st.integers(1, 5)),
        st.tuples(st.just("delete"), KEYS),
        st.tuples(st.just("look")),
        st.tuples(st.just("tick"), st.integers(0, 4)),
        st.tuples(st.sampled_from(["write", "write held", "keep", "forget"])),
    ),
    max_size=40,
)


@settings(max_examples=200, deadline=None)
@given(STEPS, st.booleans())
def test_a_stage_is_as_a_store_that_keeps_everything_at_once(tmp_path_factory, steps, sqlite):
    clock = Clock()
    path = tmp_path_factory.mktemp("stage") / "state.db"
    with (
        SqliteStore(path, now_ms=clock) if sqlite else MemoryStore(now_ms=clock) as below,
        StagedStore(below) as stage,
        MemoryStore(now_ms=clock) as model,
    ):
        kept, written = {}, {}
        for step, *given_ in steps:
            if step in {"put", "delete"}:
                for store in (stage, model):
                    with begin(store) as tx:
                        getattr(tx, step)(*given_)
                        tx.commit()
            elif step == "tick":
                clock.now_ms += given_[0]
            elif step == "write":
                write(stage)
                kept = written = copy.deepcopy(model._rooms)
            elif step == "write held":
                write(stage, held=[MINE])
                written = kept
            elif step == "keep":
                stage.keep()
                kept = copy.deepcopy(model._rooms)
            elif step == "forget":
                stage.forget()
                model._rooms = copy.deepcopy(kept)
            with begin(stage) as ours, begin(model) as theirs:
                assert content(ours) == content(theirs)
                assert (ours._keys, ours._total) == (theirs._keys, theirs._total)
            with begin(below) as tx:
                assert content(tx) == alive(written, clock)
        for store in (stage, model):  # what has expired is counted until it is deleted, and no longer
            for _ in range(2):
                with begin(store) as tx:
                    tx.keys()
                    tx.commit()
        if model.scopes() and stage.scopes():
            assert usage(stage) == usage(model)


def content(tx):
    keys = tx.keys()
    return {key: tx.get(key) for key in keys}


def alive(rooms, clock):
    rows = sorted(rooms[MINE].rows.items()) if MINE in rooms else []
    return {key: row.value for key, row in rows if row.expires is None or row.expires > clock.now_ms}
