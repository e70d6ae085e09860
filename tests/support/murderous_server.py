"""A server that kills whoever posts to it, before it answers: what was received is not acknowledged by then."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

from support.servers import Server, reply

if TYPE_CHECKING:
    import subprocess

    from support.servers import Asked


class MurderousServer(Server):
    """Takes what is posted.

    Args:
        nth: with which request it kills its victim; 0 for never.
        delay: seconds before each answer.
    """

    def __init__(self, nth: int = 0, delay: float = 0.0) -> None:
        self._nth, self._delay = nth, delay
        self._victim: subprocess.Popen[bytes] | None = None
        self._named = threading.Event()
        super().__init__(self._take)

    def kills(self, process: subprocess.Popen[bytes]) -> None:
        """Name its victim."""
        self._victim = process
        self._named.set()

    def _take(self, _: Asked) -> bytes:
        time.sleep(self._delay)
        if len(self.asked) == self._nth:
            self._named.wait()
            assert self._victim
            self._victim.kill()
        return reply()

    @property
    def records(self) -> list[dict[str, Any]]:
        """What was posted, in its order."""
        return [json.loads(each.body) for each in self.asked]

    def data(self) -> list[object]:
        """The same by its data alone."""
        return [each["data"] for each in self.records]
