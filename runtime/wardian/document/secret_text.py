"""`SecretText`: a text that nobody reads by accident."""

from __future__ import annotations

from typing import Final

MASK: Final = "***"


class SecretText(str):
    """A text with a secret in it: `repr`, `str`, formats and problems show `***`; whoever encodes it has the text.

    Operations of texts, such as slices and sums, give plain texts.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"'{MASK}'"

    def __str__(self) -> str:
        return MASK

    def __format__(self, _spec: str) -> str:
        return MASK

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a secret is not pickled")

    def reveal(self) -> str:
        """The text itself, as a plain one."""
        return "".join(self)
