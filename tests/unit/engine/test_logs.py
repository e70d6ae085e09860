"""`wardian.engine.logs`: lines are written by a thread of their own."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import threading
import time

import pytest

from wardian.capabilities.log import LogLine
from wardian.config.lane import Lane
from wardian.config.pipeline import Pipeline
from wardian.config.use import Use
from wardian.engine.log_rate import LogRate
from wardian.engine.logs import Logs, levels
from wardian.pipeline.plan import Member, Plan

ALL = LogRate(per_second=1e9, burst=10**9)
SMALL = 65_536  # bytes that a pipe holds


@pytest.fixture
def pipe():
    """A pipe whose reader reads only when it is told to."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, SMALL)
    yield reader, writer
    for each in (reader, writer):
        try:
            os.close(each)
        except OSError:
            continue


def everything(reader, until_quiet=1.0):
    """What can be read until nothing comes any more."""
    os.set_blocking(reader, False)
    parts, last = [], time.monotonic()
    while time.monotonic() - last < until_quiet:
        try:
            parts.append(os.read(reader, 2**20))
            last = time.monotonic()
        except BlockingIOError:
            time.sleep(0.01)
    return b"".join(parts).decode().splitlines()


def line(message="said", level="info", instance="words/count", **fields):
    return LogLine("counter", instance, level, message, fields)


def test_a_line_of_a_plugin_has_its_pipeline_its_member_and_its_plugin(tmp_path):
    with (tmp_path / "log").open("wb") as file, Logs(file.fileno(), form="json") as logs:
        logs.plugin(line("counted", words=3))
    told = json.loads((tmp_path / "log").read_text())
    assert (told["pipeline"], told["member"], told["plugin"]) == ("words", "count", "counter")
    assert (told["message"], told["fields"]) == ("counted", {"words": 3})


def test_people_read_lines_of_text(tmp_path):
    with (tmp_path / "log").open("wb") as file, Logs(file.fileno()) as logs:
        logs.plugin(line())
        logs.say("warn", "failed", pipeline="words", code="state_full")
    first, second = (tmp_path / "log").read_text().splitlines()
    assert first.endswith("info  words/count counter: said")
    assert second.endswith("warn  words: failed code=state_full")


def test_each_member_may_have_a_level_of_its_own_and_have_another_later(tmp_path):
    with (tmp_path / "log").open("wb") as file, Logs(file.fileno(), levels={("words", "count"): "error"}) as logs:
        logs.plugin(line("no", "warn"))
        logs.plugin(line("yes", "error"))
        logs.plugin(line("other", instance="words/else"))
        logs.plugin(line("below", "debug", instance="words/else"))
        logs.set_levels({("words", "else"): "debug"})
        logs.plugin(line("now", "debug", instance="words/else"))
    assert [each.split(": ")[1] for each in (tmp_path / "log").read_text().splitlines()] == ["yes", "other", "now"]


def test_the_configuration_says_which_members_have_a_level_of_their_own():
    loud = Member(role="step", name="a", use_name="a", use=Use(plugin="x", log_level="debug"), kind="processor")
    plain = Member(role="sink", name="b", use_name="b", use=Use(plugin="x"), kind="sink")
    rules = Pipeline(sources=("s",), sinks=(Lane(name="b"),))
    assert levels([Plan(name="words", rules=rules, members=(loud, plain))]) == {("words", "a"): "debug"}


def test_lines_of_pythons_logging_are_written_too(tmp_path):
    logger = logging.getLogger("wardian.test_logs")
    logger.propagate = False
    with (tmp_path / "log").open("wb") as file, Logs(file.fileno(), form="json") as logs:
        logger.addHandler(handler := logs.handler())
        try:
            logger.warning("careful %d", 5)
            logger.error("broken", exc_info=ZeroDivisionError("by nothing"))
        finally:
            logger.removeHandler(handler)
    first, second = map(json.loads, (tmp_path / "log").read_text().splitlines())
    assert (first["level"], first["message"]) == ("warn", "careful 5")
    assert (second["level"], second["fields"]["error"]) == ("error", "ZeroDivisionError('by nothing')")


def test_what_one_says_too_often_is_counted_and_told(tmp_path):
    with (tmp_path / "log").open("wb") as file, Logs(file.fileno(), rate=LogRate(per_second=0.001, burst=5)) as logs:
        for _ in range(100):
            logs.plugin(line())
        logs.plugin(line("another", instance="words/else"))
    told = (tmp_path / "log").read_text().splitlines()
    assert len(told) == 7
    assert logs.dropped == 95
    assert "95 lines were left out: more than 0.001 a second" in told[-1]


def test_case_30_a_full_pipe_never_keeps_who_speaks_waiting_and_what_is_dropped_is_counted_and_told(pipe):
    reader, writer = pipe
    said, logs = 40_000, Logs(writer, rate=ALL)
    worst = 0.0

    def speak():
        nonlocal worst
        for _ in range(said // 4):
            began = time.monotonic()
            logs.plugin(line("x" * 200))
            worst = max(worst, time.monotonic() - began)

    threads = [threading.Thread(target=speak) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)
        assert not each.is_alive()
    assert worst < 10  # a moment; whoever waited for a reader would wait for ever
    assert 0 < logs.dropped < said
    dropped = logs.dropped
    told = everything(reader)
    assert len(told) == said - dropped + 1
    assert told[-1].endswith(f"warn  {dropped} lines were left out, as nobody read them")
    logs.plugin(line("again"))
    assert everything(reader)[0].endswith("again")
    logs.close()
    assert logs.dropped == dropped


def test_what_waits_for_a_reader_has_a_bound(pipe):
    logs = Logs(pipe[1], rate=ALL)
    for _ in range(2_000):
        logs.plugin(line("x" * 4_000))
    assert logs.dropped * 4_000 > 2_000 * 4_000 - 6 * 2**20
    logs.close(grace=0.0)


def test_closing_does_not_wait_for_a_reader_longer_than_it_may_and_counts_what_is_left(pipe):
    logs = Logs(pipe[1], rate=ALL)
    for _ in range(1_000):
        logs.plugin(line("x" * 1_000))
    began = time.monotonic()
    logs.close(grace=0.2)
    logs.close(grace=0.2)
    assert time.monotonic() - began < 20
    assert 900 < logs.dropped < 1_000
    logs.plugin(line("too late"))
    assert logs.dropped > 900


def test_a_reader_that_is_gone_is_no_fault_and_is_not_spun_on(pipe):
    reader, writer = pipe
    os.close(reader)
    logs = Logs(writer, rate=ALL)
    logs.plugin(line())
    began = time.process_time()
    time.sleep(1.0)
    assert time.process_time() - began < 0.5
    logs.close()
    assert logs.dropped == 1


def test_a_descriptor_that_does_not_block_is_written_to_all_the_same(pipe):
    reader, writer = pipe
    os.set_blocking(writer, False)
    with Logs(writer, rate=ALL) as logs:
        for index in range(2_000):
            logs.plugin(line(f"{index} {'x' * 200}"))
        told = everything(reader)
    assert [int(each.split(": ")[1].split()[0]) for each in told] == list(range(2_000))


def test_no_thread_is_left_after_it_is_closed(tmp_path):
    before = threading.active_count()
    with (tmp_path / "log").open("wb") as file:
        for _ in range(20):
            with Logs(file.fileno()) as logs:
                logs.plugin(line())
    assert threading.active_count() == before
