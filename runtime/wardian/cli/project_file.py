"""Which `wardian.yaml` is meant: the one that is named, or the nearest one from here upwards."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from wardian.cli.usage import Usage

NAME: Final = "wardian.yaml"


def find(given: str | None, start: Path | None = None) -> Path:
    """The file that is named, or the nearest one in this folder or above it.

    One that was found and not named has to belong to whoever runs the command, or to root: what somebody else has put
    into a folder above is not run by accident.

    Raises:
        Usage: there is none, or it is somebody else's.
    """
    if given is not None:
        return Path(given)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        path = folder / NAME
        if not path.is_file():
            continue
        if path.stat().st_uid not in (0, os.geteuid()):
            raise Usage(f"`{path}` belongs to another user", hint=f"if you trust whoever wrote it: `--file {path}`")
        return path
    raise Usage(f"there is no {NAME} here or in a folder above", hint="name one with `--file`")


def shown(path: Path) -> str:
    """The path as a person would write it from here."""
    try:
        relative = os.path.relpath(path)
    except (OSError, ValueError):
        return str(path)
    return relative if len(relative) < len(str(path)) else str(path)
