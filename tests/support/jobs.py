"""Jobs as a file would have them."""

from __future__ import annotations

from wardian.config.job import Job
from wardian.document.node import Node


def job(*, params=None, vars=None, **given):  # noqa: A002 - as the file has it
    """A job; parameters and variables are plain data."""
    return Job(
        params=None if params is None else Node.of(params),
        vars={name: Node.of(value) for name, value in (vars or {}).items()},
        **given,
    )
