"""Where the SDKs' own files are: headers, libraries, templates."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import wardian
from wardian.errors import BuildError


@cache
def folder() -> Path:
    """The folder `sdk`: within the installed package, or beside its sources in a clone.

    Raises:
        BuildError: it is in neither.
    """
    package = Path(wardian.__file__).parent
    for found in (package / "sdk", package.parents[1] / "sdk"):
        if (found / "abi").is_dir():
            return found
    raise BuildError("the SDKs are not installed", hint="install wardian from its wheel, or from a whole clone")
