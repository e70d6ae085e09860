"""From a name and a configuration to a source or a sink that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wardian.document.node import Node
from wardian.document.problem import Problems, listed, nearest
from wardian.document.shapes import Unfit
from wardian.endpoints.file_sink import FileSink
from wardian.endpoints.file_source import FileSource
from wardian.endpoints.kinds import TYPES, names
from wardian.endpoints.stream_sink import StreamSink
from wardian.endpoints.stream_source import StreamSource
from wardian.endpoints.timer import Timer
from wardian.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardian.endpoints.sink import Sink
    from wardian.endpoints.source import Source
    from wardian.timing import Clock


def open_source(
    type: str,  # noqa: A002 - the word of the configuration
    config: Mapping[str, Any] | Node | None = None,
    *,
    resume: object = None,
    clock: Clock | None = None,
) -> Source:
    """A source that the host makes itself; whoever opens it closes it.

    Args:
        type: `file`, `stdio`, `timer` or `webhook`.
        config: its configuration, as plain data or as it stands in a file.
        resume: the offset to go on from, as a source of this type gave it.
        clock: what it goes by, instead of the machine's.

    Raises:
        ConfigError: there is no such type, or its configuration is wrong, with every problem; or it cannot be opened.
    """
    settings = configured("sources", type, config)
    if type == "webhook":
        try:
            from wardian.endpoints.webhook_source import WebhookSource  # noqa: PLC0415 - nothing else here needs h11
        except ModuleNotFoundError as error:
            raise _missing(error) from error
        return WebhookSource(settings, resume, clock)
    if type == "stdio":
        return StreamSource(settings, None, resume, clock)
    return (FileSource if type == "file" else Timer)(settings, resume, clock)


def open_sink(type: str, config: Mapping[str, Any] | Node | None = None) -> Sink:  # noqa: A002 - as above
    """A sink that the host makes itself; whoever opens it closes it.

    Args:
        type: `file`, `stdio` or `webhook`.
        config: its configuration, as plain data or as it stands in a file.

    Raises:
        ConfigError: as `open_source`.
    """
    settings = configured("sinks", type, config)
    if type == "webhook":
        try:
            from wardian.endpoints.webhook_sink import WebhookSink  # noqa: PLC0415 - as above
        except ModuleNotFoundError as error:
            raise _missing(error) from error
        return WebhookSink(settings)
    return FileSink(settings) if type == "file" else StreamSink(settings)


def _missing(error: ModuleNotFoundError) -> ConfigError:
    return ConfigError(
        f"webhooks need the package `{error.name}`, which is not installed",
        hint="`pip install 'wardian[http]'` brings it",
    )


def configured(group: str, type: str, config: Mapping[str, Any] | Node | None) -> Any:  # noqa: A002, ANN401
    """The typed configuration of a type; raises `ConfigError` with every problem."""
    found = TYPES.get(f"{group}.{type}")
    if found is None:
        known = names(group)
        hint = nearest(type, known) or f"there are {listed(known)}"
        raise ConfigError(f"the host makes no `{type}` in `{group}`", hint=hint)
    node = config if isinstance(config, Node) else Node.of(dict(config or {}))
    problems = Problems()
    try:
        return found.config.read(node, "", problems)
    except Unfit:
        problems.raise_any("the configuration is wrong", where=type)
        raise
