"""`JobVariables`: the variables of a job, as the plugin sees them that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.capabilities.variables import Variables
from wardian.errors import CapabilityError, ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wardian.tasks.job import Running


class JobVariables(Variables):
    """All that the job knows; what its plugin sets is known to the jobs of its task that begin after that."""

    def __init__(self, running: Running) -> None:
        self._scope, self._texts = running.scope, running.texts
        self._changed = running.level.frame.changed
        super().__init__()

    def get(self, name: str) -> object:
        """The value, or None.

        Raises:
            CapabilityError: it cannot be made; why is the answer to the guest.
        """
        try:
            return self._scope.get(name)
        except ExpressionError as error:
            raise CapabilityError(error.kind, f"`{name}`: {error.message}", guest_code="expression") from None

    def values(self) -> Mapping[str, object]:
        """All of them; those of the file are made when they are looked at."""
        return self._scope

    def shell(self, text: str) -> Callable[[str], str] | None:
        """What runs the commands in a text, for the texts that the file gives this job where commands are allowed.

        What a plugin makes up itself runs none: whoever allowed them has read the file, and not the plugin.
        """
        return self._scope.shell if text in self._texts else None

    def apply(self, changes: Mapping[str, tuple[object, int]]) -> None:
        """Set these names to these values; null removes what was set."""
        self._changed.apply(changes)
        for name, (value, _) in changes.items():
            self._scope.set(name, value)

    def flaw_with(self, changes: Mapping[str, tuple[object, int]]) -> str:
        """What would be too much for all that the jobs of a task set together, or an empty text."""
        return self._changed.flaw_with(changes)
