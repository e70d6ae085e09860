"""Promises of lookups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wardian.conformance.promise import Promise, Verdict, failed, passed
from wardian.conformance.samples import samples
from wardian.conformance.shown import shown

if TYPE_CHECKING:
    from wardian.conformance.subject import Subject

_NONE: Final = "no_such_column"
_ODD: Final[tuple[dict[str, Any], ...]] = (
    {"fields": [_NONE], "keys": [], "values": []},
    {"fields": [], "keys": [_NONE], "values": ["x"]},
    {"fields": [_NONE, _NONE], "keys": [_NONE, _NONE], "values": [1, None]},
    {"fields": ["name"], "keys": ["id", "name"], "values": ["1"]},
    {"fields": ["name"], "keys": [], "values": ["1"]},
    {"fields": [], "keys": [], "values": []},
)


def _rows(subject: Subject) -> Verdict:
    count = 0
    for request in samples("lookup", subject.samples):
        answer = subject.once("lookup_rows", request)
        fields = request.get("fields")
        if answer.error is not None or not isinstance(answer.value, list) or not isinstance(fields, list):
            continue
        for row in answer.value:
            more = sorted(row.keys() - set(fields)) if isinstance(row, dict) and fields else []
            if more:
                return failed(f"the fields {shown(fields)} alone", shown(row), answer.asked())
        count += len(answer.value)
    return passed(f"{count} rows")


def _unknown(subject: Subject) -> Verdict:
    for request in _ODD:
        answer = subject.once("lookup_rows", request)
        if answer.crashed:
            return failed("rows, or an error", answer.told(), answer.asked())
    return passed()


PROMISES: Final = (
    Promise(
        "lookup.rows", "Rows are maps of the fields that were wanted, and no others.",
        "What nobody asked for is copied all the same, and may be nobody's business.",
        "write the columns of `fields`; all of them where `fields` is empty", _rows,
    ),
    Promise(
        "lookup.unknown", "Fields and keys that it does not have are answered, and more values or fewer than keys.",
        "Whoever writes a query makes that mistake first.",
        "reply no rows, or an error of the kind `invalid` or `not_found`", _unknown,
    ),
)  # fmt: skip
