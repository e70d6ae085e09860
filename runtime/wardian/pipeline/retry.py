"""What becomes of a record that failed: whether it is tried again, and when."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from wardian.errors import ConfigError, GuestError, PackageError, PermissionDenied, RequestTooLarge, WardianError

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.config.failing import Errors

# What the ABI says of its kinds of errors, in section 4; `internal` is left to policy, and ours is to try.
_TRIED_AGAIN: Final = frozenset({"transient", "exhausted", "internal"})


def pause(
    error: WardianError, attempts: int, rules: Errors, chance: Callable[[], float] = random.random
) -> float | None:
    """The seconds to wait before a record is tried again, or None where it is given up.

    The wait is the `delay`, longer by the `factor` with each attempt, at most `most`, and less by chance by a part of
    up to `jitter`; but never shorter than the plugin asked for by `retry_after_ms`.

    Args:
        error: why it failed.
        attempts: how often it was tried so far.
        rules: the `on_error` of the pipeline.
        chance: gives a number from 0 to 1.
    """
    if attempts >= rules.attempts or for_good(error):
        return None
    grown = min(rules.delay * rules.factor ** min(attempts - 1, 64), rules.most)  # 64: beyond any `most`
    wait: float = grown * (1 - rules.jitter * chance())
    asked = error.retry_after_ms if isinstance(error, GuestError) else None
    return wait if asked is None else max(wait, asked / 1000)


def for_good(error: WardianError) -> bool:
    """Whether trying the same record again would be in vain."""
    if isinstance(error, GuestError):
        return error.kind not in _TRIED_AGAIN
    return isinstance(error, RequestTooLarge)


def hopeless(error: WardianError) -> bool:
    """Whether no record can ever be taken: what failed is not the record, and only a person can mend it."""
    if isinstance(error, GuestError):
        return error.kind == "config"
    return isinstance(error, (ConfigError, PackageError, PermissionDenied))
