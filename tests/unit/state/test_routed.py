import pytest

from unit.state.stores import MINE, begin, keep, look
from wardian.errors import StateError
from wardian.state.contract import Scope
from wardian.state.memory import MemoryStore
from wardian.state.routed import RoutedStore

THEIRS = Scope("counter", "two")


@pytest.fixture
def stores():
    with MemoryStore() as one, MemoryStore() as two:
        yield one, two


@pytest.fixture
def store(stores):
    one, two = stores

    def scopes():
        return [usage for each in stores for usage in each.scopes()]

    with RoutedStore(lambda scope: one if scope.instance == "one" else two, scopes) as store:
        yield store


def test_each_scope_is_kept_in_the_store_that_is_its_own(store, stores):
    keep(store, a=b"1")
    keep(store, THEIRS, a=b"2")
    assert [each.snapshot(scope) for each in stores for scope in (MINE, THEIRS)] == [{b"a": b"1"}, {}, {}, {b"a": b"2"}]
    assert (look(store, b"a"), look(store, b"a", THEIRS)) == (b"1", b"2")


def test_scopes_of_all_stores_are_listed_in_order(store):
    for name in ("two", "one", "three"):
        keep(store, Scope("counter", name), a=b"1")
    assert [usage.scope.instance for usage in store.scopes()] == ["one", "three", "two"]


def test_a_scope_is_cleared_where_it_is(store, stores):
    keep(store, a=b"1")
    store.clear(MINE)
    assert stores[0].scopes() == []


def test_what_a_route_refuses_is_raised():
    def route(scope):
        raise StateError("no such pipeline")

    with RoutedStore(route, list) as store, pytest.raises(StateError, match="no such pipeline"):
        begin(store)


def test_closed_it_routes_no_more_and_its_stores_are_open(store, stores):
    store.close()
    for use in (lambda: begin(store), lambda: store.clear(MINE), store.scopes):
        with pytest.raises(StateError) as caught:
            use()
        assert caught.value.code == "state_closed"
    keep(stores[0], a=b"1")
