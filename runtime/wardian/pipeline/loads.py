"""What the pipelines of a project load, with what each plugin may do, and what is not loaded, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wardian.errors import WardianError
from wardian.policy import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wardian.bindings.descriptions import Descriptions
    from wardian.config.plugin import Plugin
    from wardian.config.project import Project
    from wardian.config.use import Use
    from wardian.pipeline.plan import Plan


@dataclass(frozen=True, slots=True)
class Load:
    """A plugin that is loaded.

    Attributes:
        plugin: its name in the project.
        path: the module, as the file names it.
        version: what its package says, or an empty text.
        digest: sha256 of it, in hex; an empty text where it cannot be read.
        granted: what it may ask for at most, such as `state` or `http api.example.com:443`.
        limited: its limits as they are written, by their names; those left out have their defaults.
        members: what uses it, as `PIPELINE/MEMBER`, with what the use narrows further.
        error: why it cannot be read, or an empty text.
    """

    plugin: str
    path: str
    version: str
    digest: str
    granted: tuple[str, ...]
    limited: Mapping[str, str]
    members: Mapping[str, Narrowed]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a use sets out of what its plugin has; None and empty where it takes all of it."""

    granted: tuple[str, ...] | None = None
    limited: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotLoaded:
    """A plugin that no pipeline loads, and why."""

    plugin: str
    why: str


@dataclass(frozen=True, slots=True)
class Loads:
    """What is loaded and what is not, each in the order of the file."""

    loaded: tuple[Load, ...]
    others: tuple[NotLoaded, ...]


def loads(project: Project, plans: Iterable[Plan], descriptions: Descriptions) -> Loads:
    """What these plans of a project load; modules are read, and none is compiled."""
    users: dict[str, dict[str, Narrowed]] = {}
    for plan in plans:
        for each in plan.members:
            if each.plugin is not None:
                narrowed = _narrowed(each.use, project.plugins[each.plugin])
                users.setdefault(each.plugin, {})[f"{plan.name}/{each.name}"] = narrowed
    loaded, others = [], []
    for name, plugin in project.plugins.items():
        if not plugin.enabled:
            others.append(NotLoaded(name, f"`plugins.{name}.enabled` is false"))
        elif name not in users:
            others.append(NotLoaded(name, "no pipeline that is enabled needs it"))
        else:
            loaded.append(_load(name, plugin, users[name], descriptions))
    return Loads(tuple(loaded), tuple(others))


def granted(grants: Mapping[str, Any]) -> tuple[str, ...]:
    """Grants in words: `http` with its hosts."""
    return tuple(
        f"{name} {' '.join(given)}" if isinstance(given, (tuple, list)) else name
        for name, given in grants.items()
        if given
    )


def limited(limits: Mapping[str, Any]) -> dict[str, str]:
    """Limits as they are written, such as `{"memory": "4MiB"}`."""
    written = Limits(**limits).written()
    return {name: written[name] for name in limits}


def _load(name: str, plugin: Plugin, members: Mapping[str, Narrowed], descriptions: Descriptions) -> Load:
    version = digest = error = ""
    try:
        manifest, digest = descriptions.manifest(name), descriptions.digest(name)
        version = "" if manifest is None else str(manifest.version)
    except WardianError as caught:
        error = caught.message
    may, at_most = granted(plugin.grants), limited(plugin.limits)
    return Load(name, plugin.source, version, digest, may, at_most, members, error)


def _narrowed(use: Use, plugin: Plugin) -> Narrowed:
    return Narrowed(granted({**plugin.grants, **use.grants}) if use.grants else None, limited(use.limits))
