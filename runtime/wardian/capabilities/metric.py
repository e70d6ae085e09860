"""Metrics that a guest records: counters, gauges, histograms, with bounded names and labels."""

from __future__ import annotations

import math
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.capabilities.capability import QuotaSpent, arguments
from wardian.errors import CapabilityError

if TYPE_CHECKING:
    from wardian.sandbox.deadline import Call

KINDS: Final = ("counter", "gauge", "histogram")
MOST_SERIES: Final = 1_000  # of one plugin: each takes memory here and in whatever scrapes it
_MOST_LABELS: Final = 8
_NAME: Final = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]{0,127}")  # https://prometheus.io/docs/concepts/data_model/
_LABEL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Series:
    """One metric with its labels, sorted by their names."""

    name: str
    kind: str
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a series has come to.

    Attributes:
        value: the sum of a counter, the last value of a gauge, the sum of a histogram's values.
        count: how many values were recorded.
        least: the smallest of them.
        most: the largest of them.
    """

    value: float
    count: int
    least: float
    most: float


class Metrics:
    """All that the instances of one plugin have recorded.

    Threads: may be recorded to and read from several at once.
    """

    def __init__(self) -> None:
        self._readings: dict[Series, Reading] = {}
        self._kinds: dict[str, str] = {}
        self._lock = threading.Lock()

    def record(self, series: Series, value: float) -> None:
        """Add one value.

        Raises:
            CapabilityError: `conflict` when the name has another kind already.
            QuotaSpent: when the plugin has as many series as it may.
        """
        with self._lock:
            kind = self._kinds.setdefault(series.name, series.kind) if series.name in self._kinds else series.kind
            if kind != series.kind:
                raise CapabilityError("conflict", f"metric `{series.name}` is a {kind}")
            last = self._readings.get(series)
            if last is None:
                if len(self._readings) >= MOST_SERIES:
                    raise QuotaSpent(
                        "metric_series", f"a plugin may record {MOST_SERIES} series of metrics",
                        value=MOST_SERIES, asked=MOST_SERIES + 1,
                    )  # fmt: skip
                self._kinds[series.name] = series.kind
                self._readings[series] = Reading(value, 1, value, value)
                return
            total = value if series.kind == "gauge" else last.value + value
            self._readings[series] = Reading(total, last.count + 1, min(last.least, value), max(last.most, value))

    def snapshot(self) -> dict[Series, Reading]:
        """What there is now, by series."""
        with self._lock:
            return dict(self._readings)


class Metric:
    """The recorder of one instance."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def record(self, _call: Call, request: object) -> None:
        """`[name, kind, value, labels]`; labels may be null."""
        name, kind, value, labels = arguments(request, 4, 4, "[name, kind, value, labels]")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise CapabilityError("invalid", "`name`: expected letters, digits, `_` and `:`, at most 128")
        if kind not in KINDS:
            raise CapabilityError("invalid", f"`kind`: expected one of {', '.join(KINDS)}")
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
            raise CapabilityError("invalid", "`value`: expected a finite number")
        if kind == "counter" and value < 0:
            raise CapabilityError("invalid", "`value`: a counter only grows")
        self._metrics.record(Series(name, kind, _labels(labels)), value)


def _labels(given: object) -> tuple[tuple[str, str], ...]:
    if given is None:
        return ()
    if not isinstance(given, dict) or len(given) > _MOST_LABELS:
        raise CapabilityError("invalid", f"`labels`: expected a map of at most {_MOST_LABELS}")
    for name, value in given.items():
        if not isinstance(name, str) or not _LABEL.fullmatch(name):
            raise CapabilityError("invalid", "`labels`: expected names of letters, digits and `_`, at most 64")
        if not isinstance(value, str) or len(value) > 128 or not value.isprintable():
            raise CapabilityError("invalid", f"`labels.{name}`: expected a printable text of at most 128 characters")
    return tuple(sorted(given.items()))


IMPORTS: Final = {"metric_record": Metric.record}
