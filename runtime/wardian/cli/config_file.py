"""A plugin's configuration from a file, for `wardian call --config`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> dict[str, Any]:
    """The configuration in a file: JSON where its name ends in `.json`, else YAML; an empty file is an empty one.

    Raises:
        ConfigError: it cannot be read, or something in it is wrong; `problems` has a line for each fault.
    """
    from wardian.document import reading  # noqa: PLC0415 - for those calls alone that have a configuration

    made: dict[str, Any] = reading.read(path).plain()
    return made
