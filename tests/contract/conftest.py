"""What the tests of the examples share."""

from __future__ import annotations

import pytest

import wardian
from support.examples import Example
from support.flow_text import PLAIN, TEXT
from support.flows import Capture, Flow
from support.nested import ACTION, GRANT, LONG
from support.probes import GRANTS, LANGUAGES, PATIENT
from unit.state.stores import STORES, Clock, opened


@pytest.fixture(scope="session")
def example(c_guest):
    """Makes a new instance of an example, driven through the ABI alone, with the imports that it needs."""

    def made(name, **more):
        return Example(c_guest(name), functions={"lookup_user": {"Ada": {"full_name": "Ada Lovelace"}}.get}, **more)

    return made


@pytest.fixture
def acts(load):
    """Loads a guest that calls the action which it is asked for, of those given."""

    def loaded(name="acts", limits=LONG, **actions):
        return load("asks", ACTION, name=name, grants=GRANT, actions=actions, limits=limits)

    return loaded


@pytest.fixture
def clock():
    """The clock of a state store, moved by hand."""
    return Clock()


@pytest.fixture(params=STORES)
def store(request, tmp_path, clock):
    """Each state store that there is."""
    with opened(request.param, tmp_path / "state.db", clock) as store:
        yield store


@pytest.fixture
def flow(cache, tmp_path):
    """Makes pipelines of `support.flow_text` with these parts of it, over captured sinks, and closes them."""
    made = []

    def flow_of(*, captures=None, values=None, text=None, **more):
        captures = captures or {"out": Capture()}
        if values is not None:
            more |= {"count": 0}
        text = text or TEXT.format(**{**PLAIN, **more})
        made.append(Flow(cache, text, tmp_path, **captures))
        if values is not None:
            made[-1].log.append("numbers", [each if isinstance(each, dict) else {"data": each} for each in values])
        return made[-1]

    yield flow_of
    for each in made:
        each.close()


@pytest.fixture(params=LANGUAGES)
def language(request):
    """Each language that there is an SDK for."""
    return request.param


@pytest.fixture
def lines():
    """What the guest said."""
    return []


@pytest.fixture
def load_probe(language, probe_wasm, cache, lines):
    """Loads the probe of the language with all that it imports, on a runtime that keeps what it says."""
    with wardian.Runtime(cache=cache, on_log=lines.append) as runtime:

        def loaded(**more):
            given = {
                "name": "probe", "grants": GRANTS, "functions": {"probe": lambda item: item}, "limits": PATIENT,
                "actions": {"notify": lambda params: {"sent": params}}, "on_emit": lambda _records: None,
                "extensions": {"kv": lambda *asked: list(asked)}, "variables": {"name": "Ada", "n": 1},
            }  # fmt: skip
            return runtime.load(probe_wasm(language), **{**given, **more})

        yield loaded


@pytest.fixture
def probe(load_probe):
    """The probe, ready to be called."""
    return load_probe()
