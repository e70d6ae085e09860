"""`Errors` and `Restart`: what becomes of a record that fails, and of a plugin that does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wardian.document.measures import SPAN, Number
from wardian.document.shapes import Duration, Text, Whole
from wardian.document.structs import Struct, key

THEN: Final = ("dead_letter", "drop", "stop")
POLICIES: Final = ("restart", "deactivate", "stop")


@dataclass(frozen=True, kw_only=True)
class Errors:
    """A record that fails is tried again, alone, and then given up; delays are seconds.

    Errors that the plugin means for good, such as those of the kind `invalid`, are not tried again.
    """

    attempts: int = key(Whole(1, 1_000), "How often a record is tried at most, the first time included.", default=3)
    delay: float = key(Duration(), "How long to wait before the second attempt.", default=1.0)
    factor: float = key(Number(1, 100), "By how much each wait is longer than the one before.", default=2.0)
    most: float = key(Duration(), "How long to wait at most.", default=60.0)
    jitter: float = key(Number(0, 1), "Which part of each wait is left to chance, so that not all try at once.",
        default=0.2)  # fmt: skip
    then: str = key(Text(names=THEN), "What becomes of a record that is given up: it is put into the dead-letter "
        "store, dropped, or the pipeline stops.", default="dead_letter")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Restart:
    """A plugin that traps, or is ended by a limit, has new instances, at first at once; delays are seconds."""

    policy: str = key(Text(names=POLICIES), "What happens at the threshold: the plugin is tried again after ever "
        "longer waits, the pipeline is deactivated, or everything stops.", default="restart")  # fmt: skip
    threshold: int = key(Whole(1, 1_000_000), "How many failures of one plugin are let go by before the policy counts.",
        default=10)  # fmt: skip
    forget: float = key(SPAN, "How long it takes for half of the failures to be forgotten.", default=60.0)
    delay: float = key(Duration(), "How long the first wait is.", default=1.0)
    most: float = key(Duration(), "How long a wait is at most.", default=300.0)


ERRORS: Final = Struct(Errors, "What becomes of a record that fails.")
RESTART: Final = Struct(Restart, "What becomes of a plugin that fails.")
