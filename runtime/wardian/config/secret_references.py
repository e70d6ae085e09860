"""`${secret:NAME}` in texts: found, checked, and put in; `$${secret:NAME}` is the text without its first `$`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from wardian.config.use import KINDS
from wardian.document.node import Node
from wardian.document.problem import Problems, listed, nearest, shown
from wardian.document.secret_text import SecretText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wardian.config.project import Project

_REFERENCE: Final = re.compile(r"(?P<escape>\$?)\$\{secret:(?P<name>[^{}]*)(?P<end>\}?)")


def names_in(text: str) -> list[str]:
    """The secrets that a text asks for."""
    return [found["name"] for found in _REFERENCE.finditer(text) if not found["escape"] and found["end"]]


def filled(node: Node, values: Mapping[str, str]) -> Node:
    """The node with each reference replaced by its secret; what is put in is not looked at again.

    Texts with a secret in them are `SecretText`.

    Raises:
        KeyError: there is no such secret.
    """
    if isinstance(node.value, dict):
        held: object = {key: filled(each, values) for key, each in node.value.items()}
    elif isinstance(node.value, list):
        held = [filled(each, values) for each in node.value]
    elif isinstance(node.value, str):
        held = _text(node.value, values)
    else:
        return node
    return Node(held, node.file, node.line, node.key_line)


def check(project: Project, problems: Problems) -> None:
    """Note references to secrets that there are not, that are not complete, or that stand in keys."""
    held = project.at.node.value.get("secrets")
    there = held.value if held is not None and isinstance(held.value, dict) else {}
    for node, path in places(project):
        _check(node, path, there, problems)


def asked_for(project: Project) -> set[str]:
    """The secrets that anything in the project asks for."""
    names: set[str] = set()
    waiting = [node for node, _ in places(project)]
    while waiting:
        node = waiting.pop()
        if isinstance(node.value, str):
            names.update(names_in(node.value))
        waiting.extend(each for _, each in node.children(""))
    return names


def places(project: Project) -> Iterator[tuple[Node, str]]:
    """Where secrets may be asked for, with the paths: `config`, `egress`, `params` and `vars`, and `grants`."""
    groups = [project.plugins, *(getattr(project, group) for group in KINDS)]
    for held in (each for group in groups for each in group.values()):
        for key in ("config", "egress", "grants"):
            if key in held.at.node.value:
                yield held.at.node.value[key], f"{held.at.path}.{key}"
    for jobs in (*project.tasks.values(), *project.mixins.values()):
        for job in jobs:
            for key in ("params", "vars"):
                if key in job.at.node.value:
                    yield job.at.node.value[key], f"{job.at.path}.{key}"
    if "vars" in project.at.node.value:
        yield project.at.node.value["vars"], "vars"


def _check(node: Node, path: str, there: Mapping[str, object], problems: Problems) -> None:
    if isinstance(node.value, dict):
        for key, held in node.value.items():
            if _REFERENCE.search(key):
                problems.note(held, path, "secrets in values alone", f"the key {shown(key)}", at_key=True)
    elif isinstance(node.value, str):
        for found in _REFERENCE.finditer(node.value):
            if found["escape"]:
                continue
            if not found["end"]:
                problems.note(node, path, "`${secret:NAME}`", shown(found[0]), hint="write `$${secret:` for the text")
            elif found["name"] not in there:
                hint = nearest(found["name"], there) or f"there are {listed(there)}"
                problems.note(node, path, "a name in `secrets`", shown(found["name"]), hint=hint)
    for at, held in node.children(path):
        _check(held, at, there, problems)


def _text(text: str, values: Mapping[str, str]) -> str:
    secret = False

    def put(found: re.Match[str]) -> str:
        nonlocal secret
        if found["escape"]:
            return found[0][1:]
        if not found["end"]:
            return found[0]
        secret = True
        return values[found["name"]]

    made = _REFERENCE.sub(put, text)
    return SecretText(made) if secret else made
