"""Asynchronous functions that call plugins within a call, and how they end with it."""

import asyncio
import time

import pytest

from support.nested import ACTION, GRANT, LONG
from wardian import (
    Cancelled,
    DeadlineExceeded,
    GuestError,
    HostFunctionError,
    Limits,
)
from wardian.capabilities.application import MOST_NESTED


def test_an_asynchronous_action_calls_another_plugin_on_the_callers_loop(acts, load):
    echoes = load("echoes")

    async def echo(params):
        await asyncio.sleep(0.001)
        return await echoes.acall("echo", params)

    assert asyncio.run(acts(echo=echo).acall("ask", ["echo", [1]])) == [1]


def test_an_asynchronous_action_without_acall_is_an_error_of_the_application(acts):
    async def never(_):
        """Never runs."""

    with pytest.raises(HostFunctionError, match="acall"):
        acts(never=never).call("ask", ["never", None])


def test_what_an_asynchronous_action_called_ends_with_the_call_around_it(acts, load):
    raised, over = [], asyncio.Event()
    inner = load("spins", limits=LONG)

    async def spin(_):
        try:
            return await inner.acall("spin")
        except BaseException as error:
            raised.append(error)
            over.set()
            raise

    outer = acts(limits=Limits(deadline="100ms"), spin=spin)

    async def run():
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            await outer.acall("ask", ["spin", None])
        await asyncio.wait_for(over.wait(), 10)
        return time.monotonic() - began

    assert asyncio.run(run()) < 5
    assert type(raised[0]) in {Cancelled, asyncio.CancelledError}
    while "0 in use" not in repr(inner):
        time.sleep(0.001)
    assert inner.call("answer") is None


def test_asynchronous_calls_nest_no_deeper_either(load):
    depth = []

    async def down(_):
        depth.append(1)
        return await plugin.acall("ask", ["down", None])

    plugin = load("asks", ACTION, grants=GRANT, actions={"down": down}, instances=MOST_NESTED + 2, limits=LONG)
    with pytest.raises(GuestError) as caught:
        asyncio.run(plugin.acall("ask", ["down", None]))
    assert caught.value.guest_code == "nested"
    assert len(depth) == MOST_NESTED - 1


def test_a_task_that_outlives_the_call_which_began_it_makes_calls_of_its_own(acts, load):
    echoes = load("echoes")
    tasks = []

    async def later():
        await asyncio.sleep(0.3)
        return await echoes.acall("echo", "later")

    async def begin(_):
        tasks.append(asyncio.create_task(later()))

    async def run():
        await acts(limits=Limits(deadline="200ms"), begin=begin).acall("ask", ["begin", None])
        return await tasks[0]

    assert asyncio.run(run()) == "later"
