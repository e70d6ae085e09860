"""Writes a file whole or not at all: who reads it meanwhile finds the former one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Put the content at a path, in the place of what stands there; its folder has to be there.

    Raises:
        OSError: it cannot be written; what stood there stays.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.chmod(file.name, 0o644)  # noqa: PTH101 - as compilers leave what they make
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink()
            raise
