"""The asynchronous side of the Python face: the event loop goes on, and a task takes its guest with it."""

import asyncio
import time

import pytest

from wardian import DeadlineExceeded, HostFunctionError, Limits

APP = {'"wardian" "log"': '"app" "f"'}


@pytest.fixture
def calling(load):
    """Loads a guest that calls this function of the application with its own request, and answers with its reply."""
    return lambda function, **arguments: load("asks", APP, functions={"f": function}, **arguments)


def test_acall_and_ainvoke_give_what_call_and_invoke_do_and_let_the_loop_go_on(load):
    plugin = load("spins", limits=Limits(deadline="100ms"), instances=2)

    async def main():
        spinning = asyncio.create_task(plugin.acall("spin"))
        turns = 0
        while not spinning.done():
            await asyncio.sleep(0.001)
            turns += 1
        with pytest.raises(DeadlineExceeded):
            await spinning
        assert turns > 20
        assert await plugin.acall("answer") is None
        assert (await plugin.ainvoke("answer")).receipt.request_bytes == 1

    asyncio.run(main())


def test_cancelling_the_task_ends_the_guest(load):
    plugin = load("spins", limits=Limits(deadline="20s"))

    async def main():
        task = asyncio.create_task(plugin.acall("spin"))
        await asyncio.sleep(0.05)
        assert "1 in use" in repr(plugin)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        began = time.monotonic()
        assert await plugin.acall("answer") is None  # of the only instance: the guest is gone
        assert time.monotonic() - began < 1

    asyncio.run(main())


def test_an_async_function_runs_on_the_callers_loop_under_acall(calling):
    async def double(value):
        assert asyncio.get_running_loop() is loop[0]
        await asyncio.sleep(0.01)
        return value * 2

    loop = []

    async def main():
        loop.append(asyncio.get_running_loop())
        return await asyncio.gather(*(plugin.acall("ask", number) for number in range(8)))

    plugin = calling(double, instances=4)
    assert asyncio.run(main()) == [0, 2, 4, 6, 8, 10, 12, 14]


def test_an_async_function_under_call_is_an_error_of_the_application(calling):
    async def double(value):
        return value * 2

    with pytest.raises(HostFunctionError, match="acall"):
        calling(double).call("ask", 1)


def test_an_async_function_is_cancelled_at_the_deadline_and_with_its_task(calling):
    ended = []

    async def wait(_):
        try:
            await asyncio.sleep(20)
        except asyncio.CancelledError:
            ended.append(True)
            raise

    async def main():
        with pytest.raises(DeadlineExceeded):
            await plugin.acall("ask")
        task = asyncio.create_task(slow.acall("ask"))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0.1)

    plugin = calling(wait, limits=Limits(deadline="50ms"))
    slow = calling(wait, limits=Limits(deadline="20s"))
    asyncio.run(main())
    assert ended == [True, True]


def test_a_hundred_tasks_at_once_are_each_answered_or_cancelled(calling):
    async def wait(value):
        await asyncio.sleep(0.01)
        return value

    plugin = calling(wait, instances=4)

    async def main():
        tasks = [asyncio.create_task(plugin.acall("ask", number)) for number in range(100)]
        await asyncio.sleep(0.02)
        for task in tasks[::2]:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert results[1::2] == list(range(1, 100, 2))
        assert {type(result) for result in results[::2]} <= {asyncio.CancelledError, int}
        assert await plugin.acall("ask", "after") == "after"

    asyncio.run(main())
    assert "0 in use" in repr(plugin)
