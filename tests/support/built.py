"""Plugins that are built by the toolchain, once in a session."""

from __future__ import annotations

import fcntl

from wardian.toolchain.build import build
from wardian.toolchain.project import find


def built(project, shared_folder):
    """The module of the project in a folder; other workers of the session wait until it is there."""
    name = "-".join(project.parts[-3:])
    output = shared_folder / f"{name}.wasm"
    with (shared_folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not output.exists():
            build(find(project), output)
    return output
