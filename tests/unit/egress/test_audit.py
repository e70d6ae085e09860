"""A line says what came of a request, at a level that tells what was refused from what went well."""

import dataclasses
import logging

from wardian.egress.audit import AuditLine, to_logging

LINE = AuditLine("plugin", "one", "GET", "https://a.test/x", "1.1.1.1", 200, "", 0, 5, 0.25)


def test_a_line_is_one_line_in_the_log(caplog):
    caplog.set_level(logging.INFO, "wardian.audit")
    to_logging(LINE)
    assert caplog.messages == ["plugin/one: GET https://a.test/x -> 200 (1.1.1.1, 5 bytes, 0.250 s)"]
    assert caplog.records[0].wardian is LINE


def test_what_was_refused_is_a_warning(caplog):
    to_logging(dataclasses.replace(LINE, status=None, error="invalid", address="", url="", method=""))
    assert [(each.levelname, each.message) for each in caplog.records] == [
        ("WARNING", "plugin/one: ? ? -> invalid (not dialled, 5 bytes, 0.250 s)")
    ]


def test_a_level_that_is_off_costs_nothing(caplog):
    caplog.set_level(logging.ERROR, "wardian.audit")
    to_logging(LINE)
    assert caplog.records == []
