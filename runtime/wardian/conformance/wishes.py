"""The promise of every kind about the limits that its description wishes for."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from wardian.conformance import smallest
from wardian.conformance.promise import Promise, Verdict, failed, not_applicable, passed
from wardian.errors import ConfigError, WardianError

if TYPE_CHECKING:
    from wardian.conformance.subject import Subject

_OF_TIME: Final = frozenset({"deadline", "start_deadline", "compile_time", "http_time"})  # a busy machine keeps none


def _suffice(subject: Subject) -> Verdict:
    wished: dict[str, Any] = {name: held for name, held in subject.wishes.items() if name not in _OF_TIME}
    if not wished:
        return not_applicable("its description wishes for no limits, or for those of time alone")
    told = ", ".join(f"{name} {held}" for name, held in wished.items())
    try:
        limits = dataclasses.replace(subject.limits, **wished)
    except (ConfigError, TypeError):
        return not_applicable("its wishes are no limits, which `description.right` is about")
    try:
        full = smallest.work(subject, subject.prepared, subject.limits)
    except WardianError as error:
        return not_applicable(f"its work does not end by itself: {error.code}")
    try:
        prepared = subject.lab.prepare(subject.lab.compile(subject.wasm, limits), limits)
        ends = smallest.work(subject, prepared, limits).ends
    except WardianError as error:
        return failed(f"its work within {told}", f"{error.code}: {error.message}")
    return passed(told) if ends == full.ends else failed(f"its work within {told}", "calls that end otherwise")


PROMISES: Final = (
    Promise(
        "limits.suffice", "It does its work within the limits that its description wishes for.",
        "An operator who grants the wishes expects it to run.",
        "wish for what `wardian check` finds to be the smallest, and some more for larger inputs", _suffice,
    ),
)  # fmt: skip
