"""The variables of the running job, which a guest reads and sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from wardian.capabilities.capability import arguments, text
from wardian.capabilities.variables import MOST_NAME

if TYPE_CHECKING:
    from wardian.capabilities.variables import View
    from wardian.sandbox.deadline import Call


class Vars:
    """Reads and sets variables for a guest; what a failed call set is forgotten."""

    settles: ClassVar[int] = 0

    def __init__(self, view: View) -> None:
        self._view = view

    def get(self, call: Call, request: object) -> object:
        """A name → its value, or null."""
        return self._view.get(call, text(request, "name", MOST_NAME))

    def set(self, call: Call, request: object) -> None:
        """`[name, value]`; null removes the variable."""
        name, value = arguments(request, 2, 2, "[name, value]")
        self._view.set(call, text(name, "name", MOST_NAME), value)

    def used(self) -> dict[str, int]:
        """Nothing that a receipt tells."""
        return {}

    def settle(self, *, succeeded: bool) -> None:
        """Keep what the call set, or forget it."""
        self._view.settle(succeeded=succeeded)


IMPORTS: Final = {"vars_get": Vars.get, "vars_set": Vars.set}
