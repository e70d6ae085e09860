"""The host's own sources and sinks, which are used as those of plugins are."""

from wardian.endpoints.opening import open_sink, open_source

__all__ = ["open_sink", "open_source"]
