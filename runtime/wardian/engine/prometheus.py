"""`Exporter`: an engine's metrics over HTTP, in the formats of Prometheus; the only place that knows its library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from wardian.engine.metrics import LATENCY, VALUES, member_labels
from wardian.errors import ConfigError
from wardian.pipeline.counters import BOUNDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prometheus_client import CollectorRegistry, Metric

    from wardian.engine.status import EngineStatus

PATH: Final = "/metrics"
_MOST: Final = 8  # scrapes at a time
_SECONDS: Final = 10.0  # for one scrape
_GRACE: Final = 1.0


class Exporter:
    """Serves `GET /metrics` from its making until `close`; a context manager.

    Each scrape takes one status and makes its metrics of that: nothing is registered globally, and nothing is counted
    for scrapes alone.

    Args:
        status: gives what is told; called on threads of the exporter.
        port: where to listen, or 0 for any port that is free.
        address: the address to listen at.

    Raises:
        ConfigError: it cannot listen there, or the libraries that it needs are not installed.
    """

    def __init__(self, status: Callable[[], EngineStatus], port: int, address: str = "127.0.0.1") -> None:
        try:
            from prometheus_client import CollectorRegistry, exposition  # noqa: PLC0415 - 50 ms, for who asks for it

            from wardian.endpoints.http_exchange import Answer, Bounds, Refused  # noqa: PLC0415
            from wardian.endpoints.http_server import HttpServer  # noqa: PLC0415
            from wardian.endpoints.loopback import is_loopback  # noqa: PLC0415
            from wardian.endpoints.webhook_access import Access  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise ConfigError(
                f"metrics need a library that is not installed: {error.name}", hint="pip install 'wardian[metrics]'"
            ) from error

        registry: CollectorRegistry = CollectorRegistry()
        registry.register(_Collector(status))
        access = Access(token=None, loopback=is_loopback(address))

        def judge(head: Any) -> None:  # noqa: ANN401 - a type of what is imported above
            access.judge(head)
            if head.target.partition("?")[0] != PATH:
                raise Refused(404, f"expected `{PATH}`")
            if head.method != "GET":
                raise Refused(405, "expected GET", {"Allow": "GET"})

        def handle(head: Any, _body: bytes) -> Answer:  # noqa: ANN401
            encode, content_type = exposition.choose_encoder(head.header("accept") or "")
            return Answer(200, encode(registry), {"Content-Type": content_type})

        bounds = Bounds(_SECONDS, body=0)
        self._server = HttpServer(address, port, judge=judge, handle=handle, bounds=bounds, most=_MOST)
        self.port = self._server.port

    def close(self) -> None:
        """Answer no more. Idempotent."""
        self._server.stop(_GRACE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Collector:
    """Makes the families of metrics of one status each time that it is asked."""

    def __init__(self, status: Callable[[], EngineStatus]) -> None:
        self._status = status

    def describe(self) -> Iterator[Metric]:
        """Nothing: the registry would have to take a status to know the names."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import (  # noqa: PLC0415 - as above
            CounterMetricFamily,
            GaugeMetricFamily,
            HistogramMetricFamily,
        )

        status = self._status()
        for metric, samples in VALUES:
            kind = CounterMetricFamily if metric.type == "counter" else GaugeMetricFamily
            family = kind(metric.name, metric.meaning, labels=metric.labels)
            for labels, value in samples(status):
                family.add_metric(labels, value)
            yield family
        histogram = HistogramMetricFamily(LATENCY.name, LATENCY.meaning, labels=LATENCY.labels)
        for pipeline in status.pipelines:
            for member in pipeline.members:
                latency = member.counts.latency
                histogram.add_metric(member_labels(pipeline, member), _cumulative(latency.buckets), latency.sum)
        yield histogram


def _cumulative(buckets: tuple[int, ...]) -> list[tuple[str, float]]:
    """Each bound with how many did not exceed it."""
    total, made = 0, []
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), buckets, strict=True):
        total += count
        made.append((bound, float(total)))
    return made
