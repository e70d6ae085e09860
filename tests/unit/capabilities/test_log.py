import logging

import pytest

from wardian.capabilities.capability import QuotaSpent
from wardian.capabilities.log import Log, LogLine, to_logging
from wardian.errors import CapabilityError
from wardian.policy import Limits


@pytest.fixture
def lines():
    return []


def test_a_line_is_counted_by_its_bytes_with_its_fields(lines):
    log = Log(Limits(), "p", "i", lines.append)
    log.log(None, [2, "é"])
    assert (log.lines, log.bytes) == (1, 2)
    log.log(None, [2, "", {"k": "v"}])
    assert log.bytes > 2 + len("kv")


def test_a_call_may_use_exactly_what_it_has(lines):
    log = Log(Limits(log_bytes=4, log_lines=2), "p", "i", lines.append)
    log.log(None, [0, "ab"])
    log.log(None, [0, "cd"])
    with pytest.raises(QuotaSpent) as caught:
        log.log(None, [0, ""])
    assert (caught.value.limit, caught.value.value, caught.value.asked) == ("log_lines", 2, 3)
    assert (log.lines, log.bytes, log.dropped) == (2, 4, 1)
    log.settle(succeeded=False)
    assert (log.lines, log.bytes, log.dropped) == (0, 0, 0)


def test_a_long_line_is_cut_when_it_is_shown(lines):
    Log(Limits(), "p", "i", lines.append).log(None, [4, "x" * 60_000])
    assert len(lines[0].message) == 4096
    assert lines[0].message.endswith("…")


@pytest.mark.parametrize("request_", [None, [], [1], [9, "x"], [-1, "x"], ["2", "x"], [2, b"x"], [2, "x", 1]])
def test_anything_else_is_invalid_and_no_line(lines, request_):
    with pytest.raises(CapabilityError) as caught:
        Log(Limits(), "p", "i", lines.append).log(None, request_)
    assert caught.value.kind == "invalid"
    assert lines == []


def test_lines_go_to_a_logger_of_the_plugins_name(caplog):
    with caplog.at_level(logging.DEBUG, "wardian.plugin.p"):
        for level in ("debug", "info", "warn", "error"):
            to_logging(LogLine("p", "i", level, "100 %s"))
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        (name, "100 %s") for name in ("DEBUG", "INFO", "WARNING", "ERROR")
    ]
    assert caplog.records[0].wardian.instance == "i"
