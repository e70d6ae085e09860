"""`Owned`: what a source and a sink of the host have alike: whoever opens it closes it, and is warned where not."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, ClassVar, Self

if TYPE_CHECKING:
    from types import TracebackType


class Owned:
    """A context manager that gives back what it holds; one that is forgotten warns.

    Attributes:
        name: the type that it is configured by.
        digest: nothing; a plugin has one.
        bytes_in: what a plugin would count, as are the next two; here nothing is encoded for one.
        bytes_out: likewise.
        memory: likewise.
    """

    kind: ClassVar[str] = ""
    name: ClassVar[str] = ""
    digest: ClassVar[str] = ""
    bytes_in = bytes_out = memory = 0
    _holding = False  # whether it has something that has to be given back
    _closed = False

    def close(self) -> None:
        """Give back what it holds; a second time does nothing."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if self._holding and not self._closed:
            warnings.warn(f"{self!r} was not closed", ResourceWarning, source=self, stacklevel=2)
            self._release()

    def __repr__(self) -> str:
        return f"<{self.kind} of type {self.name}>"

    def _release(self) -> None:
        """Give back what it holds."""
