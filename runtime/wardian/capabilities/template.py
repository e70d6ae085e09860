"""Texts with placeholders, expanded with the variables that the running call sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.errors import CapabilityError, ExpressionError

if TYPE_CHECKING:
    from wardian.capabilities.variables import View
    from wardian.sandbox.deadline import Call


class Template:
    """Expands texts for a guest; only a text that the variables vouch for runs a command."""

    def __init__(self, view: View) -> None:
        self._view = view

    def expand(self, call: Call, request: object) -> str:
        """A text → the text with its placeholders filled in."""
        from wardian.expression import expand  # noqa: PLC0415 - a few ms of every start, for those who need it

        if not isinstance(request, str):
            raise CapabilityError("invalid", "expected a text")
        try:
            return expand(request, self._view.values(call), self._view.shell(call, request))
        except ExpressionError as error:
            said = [f"{error.where}: {error.message}" if error.where else error.message, error.hint]
            raise CapabilityError(error.kind, "; ".join(filter(None, said)), guest_code="expression") from None


IMPORTS: Final = {"template_expand": Template.expand}
