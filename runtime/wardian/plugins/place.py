"""`Place`: where in a program a use stands that is one of many, and whose state it has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a use in a pipeline.

    Whoever gives places sees to it that no two members of a program have the same one: a member whose new version is
    opened before the old one is closed has its state at once.

    Attributes:
        pipeline: the pipeline's name.
        member: the use's name in it.
        scope: `instance`, `pipeline` or `plugin`: whether its state is its own, or that of all uses of its plugin in
            the pipeline, or in all of them.
    """

    pipeline: str
    member: str
    scope: str = "instance"

    @property
    def instance(self) -> str:
        """Its name in log lines."""
        return f"{self.pipeline}/{self.member}"

    @property
    def state(self) -> str:
        """The name of the scope of its state within those of its plugin."""
        return {"instance": self.instance, "pipeline": f"{self.pipeline}/", "plugin": "/"}[self.scope]
