"""From files, environment and options to a project: every problem of all of them at once."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wardian.config import imports, overrides, references
from wardian.config.project import PROJECT, Project
from wardian.document.node import Node, below
from wardian.document.problem import Problem, Problems
from wardian.document.shapes import MapOf, Unfit
from wardian.document.structs import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wardian.config.host_type import Types


@dataclass(frozen=True)
class Loaded:
    """A project that was read.

    Attributes:
        project: all of it; texts still ask for secrets, and hold none.
        files: those that were read, the first one first.
        warnings: what is unwise about the files.
    """

    project: Project
    files: tuple[Path, ...]
    warnings: tuple[Problem, ...] = field(default=())


def load(
    path: str | Path,
    *,
    environ: Mapping[str, str] | None = None,
    settings: Sequence[str] = (),
    types: Types | None = None,
) -> Loaded:
    """Read `wardian.yaml`, or whatever it is called; no secret is read, and no plugin.

    Args:
        path: the file.
        environ: variables that may override values, as `WARDIAN__…`; none by default.
        settings: texts such as `a.b=value` that override them as well.
        types: what the host makes itself.

    Raises:
        ConfigError: with all problems, by file and line.
    """
    files = imports.gather(Path(path))
    problems = Problems()
    chosen = [*overrides.from_environment(environ or {}, files.node, problems)]
    chosen += overrides.from_options(settings, problems)
    document = overrides.applied(files.node, chosen, problems)
    try:
        project = PROJECT.read(document, "", problems)
    except Unfit:
        project = _what_fits(document)
    references.check(project, types or {}, problems)
    _with_texts(files.problems, problems).raise_any("this configuration is wrong", where=str(path))
    return Loaded(project, tuple(files.paths), tuple(files.warnings))


def _what_fits(document: Node) -> Project:
    """The entries that are right by themselves, so that what they say of others is checked as well."""
    values: dict[str, Any] = {"version": 1, "at": Place(document)}
    for name, each in PROJECT.keys.items():
        shape, node = each.metadata["shape"], document.value.get(name)
        if not isinstance(shape, MapOf) or node is None or not isinstance(node.value, dict):
            continue
        values[name] = {}
        for key, held in node.value.items():
            with contextlib.suppress(Unfit):
                values[name][key] = shape.value.read(held, below(name, key), Problems())
    return Project(**values)


def _with_texts(texts: Problems, values: Problems) -> Problems:
    """All problems, but for those of a value on a line that could not be read as it was meant."""
    lines = {(each.file, each.line) for each in texts.found}
    for each in values.found:
        if (each.file, each.line) not in lines:
            texts.add(each)
    return texts
