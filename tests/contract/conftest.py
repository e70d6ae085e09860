"""What the tests of the examples share."""

from __future__ import annotations

import pytest

from support.examples import Example


@pytest.fixture(scope="session")
def example(c_guest):
    """Makes a new instance of an example, driven through the ABI alone, with the imports that it needs."""

    def made(name, **more):
        return Example(c_guest(name), functions={"lookup_user": {"Ada": {"full_name": "Ada Lovelace"}}.get}, **more)

    return made
