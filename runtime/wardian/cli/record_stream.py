"""Records as lines of JSON: read one by one, and what is wrong with one told beside the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wardian.cli import json_text, request_input, terminal
from wardian.cli.exit_codes import OK, exit_code
from wardian.cli.usage import Usage
from wardian.record import NotARecord, Record

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from wardian.errors import GuestError


class Failures:
    """The lines of an input that failed: each is told on standard error, as a line of JSON.

    Attributes:
        code: the exit code of the first of them, or that all is well.
    """

    def __init__(self) -> None:
        self.code = OK

    def note(self, line: int, error: GuestError | Usage) -> None:
        """Tell that a line failed."""
        self.code = self.code or exit_code(error)
        told: dict[str, Any] = {"line": line}
        if isinstance(error, Usage):
            told |= {"kind": "invalid", "message": error.message}
        else:
            told |= {"kind": error.kind, "message": error.message}
            more = {"code": error.guest_code, "retry_after_ms": error.retry_after_ms, "details": error.details}
            told |= {name: held for name, held in more.items() if held is not None}
        terminal.say(json_text.write(told))


def read(given: str, ended: threading.Event, failures: Failures) -> Iterator[tuple[int, Any]]:
    """The value of each line of `@file` or of standard input (`-`), with the line's number; empty ones are left out.

    Raises:
        Usage: it cannot be read.
        KeyboardInterrupt: the person has had enough.
    """
    with request_input.opened(given) as stream:
        for line in request_input.read_lines(stream, given):
            if ended.is_set():
                raise KeyboardInterrupt
            if not line.content.strip():
                continue
            try:
                value = request_input.to_value(line.content, "", text=False)
            except Usage as error:
                failures.note(line.number, error)
            else:
                yield line.number, value


def read_records(given: str, ended: threading.Event, failures: Failures) -> Iterator[tuple[int, Record]]:
    """The same as records: a map with `data` is one, and any other value is what one says. Raises as `read`."""
    for number, value in read(given, ended, failures):
        try:
            yield number, to_record(value)
        except NotARecord as error:
            failures.note(number, Usage(f"this is no record: {error}"))


def to_record(value: object) -> Record:
    """The record that a JSON value stands for.

    Raises:
        NotARecord: it is a map with `data`, and another field is wrong.
    """
    return Record.from_value(value) if isinstance(value, dict) and "data" in value else Record(value)


def give(record: Record) -> None:
    """Write a record to standard output, as a line of JSON."""
    terminal.give(json_text.write(record.to_value()))
