"""What the tests of the examples share."""

from __future__ import annotations

import pytest

from support.examples import Example
from support.flow_text import PLAIN, TEXT
from support.flows import Capture, Flow
from support.nested import ACTION, GRANT, LONG
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
