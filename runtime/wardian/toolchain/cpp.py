"""C++, compiled as C is: `wardian-cc` tells the two apart by the names of the sources."""

from __future__ import annotations

from typing import Final

from wardian.toolchain import c
from wardian.toolchain.language import Language

LANGUAGE: Final = Language("c++", "C++", c.LANGUAGE.tools, lambda _folder, name: (f"{name}.cpp",), c.LANGUAGE.compile)
