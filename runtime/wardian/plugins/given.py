"""What a program gives a plugin beside functions: actions, extensions, variables, and somebody who takes records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wardian.capabilities.actions import Actions
from wardian.capabilities.emit import Emit
from wardian.capabilities.extensions import Extensions
from wardian.capabilities.template import Template
from wardian.capabilities.variables import Variables, View
from wardian.capabilities.vars import Vars

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wardian.capabilities.emit import Taker
    from wardian.guests.context import Maker
    from wardian.policy import Grants, Limits


@dataclass(frozen=True, slots=True)
class Given:
    """See `Runtime.load` for each field; each is used only where it is granted as well."""

    actions: Mapping[str, Callable[[object], object]] = field(default_factory=dict)
    extensions: Mapping[str, Callable[[str, object], object]] = field(default_factory=dict)
    variables: Mapping[str, object] = field(default_factory=dict, repr=False)  # they may hold secrets
    on_emit: Taker | None = None

    def problems(self, grants: Grants) -> list[str]:
        """All that is wrong with it, a line for each."""
        taker: object = self.on_emit
        wants = (
            ("actions", self.actions, grants.actions, "call any; grant it with `Grants(actions=True)`"),
            ("extensions", self.extensions, grants.extensions, "call any; grant it with `Grants(extensions=True)`"),
            (
                "variables", self.variables, grants.vars or grants.template,
                "see any; grant it with `Grants(vars=True)`, or `Grants(template=True)` for texts",
            ),
            ("on_emit", taker is not None, grants.emit, "hand out records; grant it with `Grants(emit=True)`"),
        )  # fmt: skip
        found = [f"{what}: the plugin may not {hint}" for what, there, granted, hint in wants if there and not granted]
        for what, things in (("actions", self.actions), ("extensions", self.extensions)):
            names: list[object] = list(things)
            found += [f"{what}: expected text as a name, got {name!r}" for name in names if not isinstance(name, str)]
            found += [f"{what}: `{name}` is not callable" for name, thing in things.items() if not callable(thing)]
        if taker is not None and not callable(taker):
            found.append("on_emit: it is not callable")
        try:
            Variables(self.variables)
        except ValueError as error:
            found.append(f"variables: {error}")
        return found

    def makers(self, grants: Grants, limits: Limits) -> dict[str, Maker]:
        """How the capabilities that use it are made for an instance, where they are granted."""
        shared = Variables(self.variables)
        makers: dict[str, Maker] = {"variables": lambda _: View(shared)}
        if grants.vars:
            makers["vars"] = lambda context: Vars(context.variables)
        if grants.template:
            makers["template"] = lambda context: Template(context.variables)
        if grants.emit:
            makers["emit"] = lambda _: Emit(limits, self.on_emit)
        if grants.actions:
            makers["actions"] = lambda _: Actions(self.actions)
        if grants.extensions:
            makers["extensions"] = lambda _: Extensions(self.extensions)
        return makers
