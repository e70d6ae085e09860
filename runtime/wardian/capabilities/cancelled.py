"""Whether the host wants the running call to come to an end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wardian.sandbox.deadline import Call


class Cancelled:
    """Tells a guest that asks, so that it can end by itself before it is ended by force."""

    def asked(self, call: Call, _request: object) -> bool:
        """Null → true once the host wants the call to end."""
        if call.asked_to_end or call.ended_by is not None:
            return True
        return call.within is not None and any(each.asked_to_end or each.ended_by for each in call.within.chain())


IMPORTS: Final = {"cancelled": Cancelled.asked}
