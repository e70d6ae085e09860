"""The sources and sinks that the host makes itself, by their names, each with the shape of its configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wardian.config.host_type import HostType
from wardian.endpoints import file_sink, file_source, stream_sink, stream_source, timer, webhook_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardian.document.shapes import Shape


def _types(group: str, shapes: Mapping[str, Shape[Any]]) -> dict[str, HostType]:
    return {f"{group}.{name}": HostType(name, frozenset({group}), shape) for name, shape in shapes.items()}


# As `wardian.config` takes them; the keys only keep a source and a sink of one name apart.
TYPES: Final[Mapping[str, HostType]] = {
    **_types("sources", {
        "file": file_source.SHAPE, "stdio": stream_source.SHAPE, "timer": timer.SHAPE, "webhook": webhook_settings.IN,
    }),
    **_types("sinks", {
        "file": file_sink.SHAPE, "stdio": stream_sink.SHAPE, "webhook": webhook_settings.OUT,
    }),
}  # fmt: skip


def names(group: str) -> list[str]:
    """The names in `sources` or `sinks`."""
    return [each.name for each in TYPES.values() if group in each.groups]
