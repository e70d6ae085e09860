"""`Makeup`: what a pipeline is made of, so that what has changed since can be told."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wardian.bindings import files
from wardian.config.plugin import beside
from wardian.document.secret_text import SecretText
from wardian.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from wardian.config.plugin import Plugin
    from wardian.config.project import Project
    from wardian.config.secrets import Secrets
    from wardian.config.use import Use
    from wardian.document.node import Node
    from wardian.pipeline.plan import Member, Plan


@dataclass(frozen=True, slots=True)
class Makeup:
    """A pipeline as it is to run.

    Attributes:
        plan: its members and rules.
        prints: of each member by its name, a digest of all that it is opened from: what the configuration says of its
            use and its plugin, secrets put in, and the bytes of its module and its files.
    """

    plan: Plan
    prints: Mapping[str, str]

    @classmethod
    def of(cls, plan: Plan, project: Project, secrets: Secrets) -> Makeup:
        """What it is made of by now; reads the files of its plugins. What cannot be read has a print of its own."""
        return cls(plan, {each.name: _print(each, project, secrets) for each in plan.members})


def sources(project: Project, plan: Plan) -> Iterator[Path]:
    """The files and folders that the plugins of a pipeline are loaded from."""
    for each in plan.members:
        if each.plugin is None:
            continue
        plugin = project.plugins[each.plugin]
        yield plugin.source_path
        if plugin.files_path is not None:
            yield plugin.files_path
        if (authorities := _authorities(plugin)) is not None:
            yield authorities


def _print(member: Member, project: Project, secrets: Secrets) -> str:
    made = hashlib.sha256()
    parts: list[object] = [_use(member.use, secrets)]
    if member.plugin is not None:
        parts.append(_plugin(project.plugins[member.plugin], secrets))
    made.update(json.dumps(parts, default=_revealed, sort_keys=True).encode("utf-8", "surrogatepass"))
    return made.hexdigest()


def _use(use: Use, secrets: Secrets) -> object:
    said = {key: held.plain() for key, held in _entries(use.at.node) if key not in ("config", "enabled")}
    return [said, [_revealed(secrets.filled(layer).plain()) for layer in use.config]]


def _plugin(plugin: Plugin, secrets: Secrets) -> object:
    said = {key: held.plain() for key, held in _entries(plugin.at.node) if key != "egress"}
    egress = plugin.at.node.value.get("egress") if isinstance(plugin.at.node.value, dict) else None
    authorities = _authorities(plugin)
    return [
        said, None if egress is None else _revealed(secrets.filled(egress).plain()), _digest(plugin.source_path),
        _files(plugin.files_path), None if authorities is None else _digest(authorities),
    ]  # fmt: skip


def _entries(node: Node) -> Iterator[tuple[str, Node]]:
    return iter(node.value.items() if isinstance(node.value, dict) else ())


def _authorities(plugin: Plugin) -> Path | None:
    egress = plugin.egress
    return None if egress is None or egress.ca is None else beside(egress.at.node.at(["ca"]), egress.ca)


def _revealed(value: object) -> object:
    """The same with the secrets as they are: what is made of it is a digest, and shown to nobody."""
    if isinstance(value, SecretText):
        return value.reveal()
    if isinstance(value, dict):
        return {key: _revealed(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_revealed(held) for held in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else repr(value)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        return f"unread: {error}"


def _files(folder: Path | None) -> object:
    if folder is None:
        return None
    try:
        return {name: hashlib.sha256(content).hexdigest() for name, content in files.read(folder).items()}
    except ConfigError as error:
        return f"unread: {error}"
