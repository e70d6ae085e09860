"""`Extension`: what one plugin offers to others, or to the program, by names of methods."""

from __future__ import annotations

from typing import Any

from wardian.plugins import reply
from wardian.plugins.use import Use


class Extension(Use):
    """A bound extension, from `Plugin.extension`."""

    kind = "extension"

    def __call__(self, method: str, argument: object = None) -> Any:  # noqa: ANN401 - whatever the guest answers
        """Call one of its methods with one value, and give what it returns.

        Raises:
            WardianError: as `Plugin.call`.
        """
        return self._ask("extension_call", {"method": method, "argument": argument}, reply.anything)
