"""The instances of a plugin that nobody uses at the moment: what they take, and how they are replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardian.plugins.plugin import Plugin


def memory(plugin: Plugin) -> int:
    """The bytes of linear memory that its idle instances are known to have."""
    return sum(guest.memory for guest in plugin._pool.idle.copy())  # noqa: SLF001 - of the same package


def renew(plugin: Plugin) -> None:
    """Replace its idle instances: the next call has a new one."""
    pool = plugin._pool  # noqa: SLF001 - as above
    while pool.idle:
        try:
            guest = pool.idle.pop()
        except IndexError:  # another thread was faster
            return
        guest.broken = True
        pool.release(guest)


def occupancy(plugin: Plugin) -> str:
    """How many instances there are, for a `repr`."""
    return plugin._pool.describe()  # noqa: SLF001 - as above
