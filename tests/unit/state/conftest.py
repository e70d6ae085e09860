import pytest

from unit.state.stores import Clock
from wardian.state.memory import MemoryStore
from wardian.state.sqlite import SqliteStore


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.db"


@pytest.fixture(params=["memory", "sqlite"])
def store(request, path, clock):
    with MemoryStore(now_ms=clock) if request.param == "memory" else SqliteStore(path, now_ms=clock) as store:
        yield store
