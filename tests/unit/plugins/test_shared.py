import threading

import pytest

import wardian
from support.wat import wasm_of
from wardian.plugins import shared


@pytest.fixture
def fresh(monkeypatch):
    """A process that has loaded nothing yet."""
    made = shared._Shared()
    monkeypatch.setattr(shared, "_shared", made)
    yield made
    if made._runtime is not None:
        made._runtime.close()


def test_nothing_is_made_before_it_is_needed(fresh):
    assert fresh._runtime is None


def test_threads_that_load_at_once_share_one_runtime(fresh):
    found, together = [], threading.Barrier(8)

    def get():
        together.wait()
        found.append(fresh.get())

    threads = [threading.Thread(target=get) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(map(id, found))) == 1


def test_a_runtime_that_was_closed_is_made_anew(fresh):
    first = fresh.get()
    first.close()
    second = fresh.get()
    assert second is not first
    assert not second.closed
    assert fresh.get() is second


def test_load_gives_a_plugin_on_it(fresh, guest):
    plugin = wardian.load(wasm_of(guest("echoes").read_text()), name="mine", instance="other")
    assert plugin.call("echo", [1, "a"]) == [1, "a"]
    assert (plugin.name, plugin.instance) == ("mine", "other")
    fresh.get().close()
    with pytest.raises(wardian.Cancelled):
        plugin.call("echo", 1)
    assert wardian.load(wasm_of(guest("echoes").read_text())).call("echo", 1) == 1


def test_the_arguments_are_those_of_a_runtimes_load(fresh, monkeypatch):
    import inspect

    passed = {}

    class Runtime:
        closed = False

        def load(self, source, **arguments):
            passed.update(arguments, source=source)

        def close(self):
            """Nothing to close."""

    monkeypatch.setattr(fresh, "_runtime", Runtime())
    given = {name: object() for name in inspect.signature(wardian.Runtime.load).parameters if name != "self"}
    source = given.pop("source")
    shared.load(source, **given)
    assert passed == {**given, "source": source}
