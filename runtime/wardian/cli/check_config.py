"""What `wardian check` does with a configuration: whether it is right, and every problem that it has."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wardian.cli import json_text, terminal
from wardian.cli.diagnostics import shown
from wardian.cli.exit_codes import OK, exit_code
from wardian.errors import ConfigError, PackageError, WardianError

if TYPE_CHECKING:
    from wardian.config.loading import Loaded
    from wardian.config.project import Project
    from wardian.document.problem import Problem, Problems
    from wardian.package.manifest import Manifest


def check(file: str, set_: tuple[str, ...], *, as_json: bool) -> int:
    """Check a wardian.yaml, with all that it imports: print every problem with its line, and give the exit code.

    Values that the environment or `set_` override are checked as well. Where a plugin's file is there and says what its
    configuration looks like, that is checked too. No secret is read, and no plugin runs.
    """
    problems, warnings, notes = _problems(Path(file), set_)
    if as_json:
        told = {
            "ok": not problems,
            "problems": [each.as_dict() for each in problems],
            "warnings": [each.as_dict() for each in warnings],
            "notes": notes,
        }
        terminal.give(json_text.write(told, indent=2 if sys.stdout.isatty() else None))
    else:
        for problem in problems:
            terminal.give(shown(problem))
        for text in (*(f"warning: {each}" for each in warnings), *(f"note: {each}" for each in notes)):
            terminal.say(shown(text))
        terminal.say(f"{file}: {_counted(len(problems))}")
    return exit_code(ConfigError("")) if problems else OK


def _problems(file: Path, settings: tuple[str, ...]) -> tuple[list[Problem], list[Problem], list[str]]:
    """Problems, warnings, and what could not be looked at."""
    from wardian.config import loading  # noqa: PLC0415 - when it is needed
    from wardian.document.problem import Problem, Problems  # noqa: PLC0415
    from wardian.endpoints.kinds import TYPES  # noqa: PLC0415

    try:
        loaded = loading.load(file, environ=os.environ, settings=settings, types=TYPES)
    except ConfigError as error:
        told = [each for each in error.problems if isinstance(each, Problem)]
        return told or [Problem("a configuration", error.message, file=error.where, hint=error.hint)], [], []
    problems = Problems()
    notes = _packages(loaded, problems)
    return problems.sorted(), list(loaded.warnings), notes


def _packages(loaded: Loaded, problems: Problems) -> list[str]:
    """Check each use by what its plugin's package says; what cannot be looked at is given as notes."""
    from wardian.config.symbols import chosen, configured  # noqa: PLC0415
    from wardian.config.use import KINDS  # noqa: PLC0415

    project, notes = loaded.project, []
    packages = {}
    for name in project.plugins:
        try:
            packages[name] = _manifest(project, name)
        except (WardianError, OSError) as error:
            notes.append(f"{project.plugins[name].source}: not looked at: {getattr(error, 'message', error)}")
    for group in KINDS:
        for use in getattr(project, group).values():
            if use.plugin not in packages:
                continue
            symbol = chosen(use, group, packages[use.plugin].symbols, use.plugin, problems)
            if symbol is not None:
                configured(use, symbol, use.config, use.plugin, problems)
    return notes


def _manifest(project: Project, name: str) -> Manifest:
    """What the package of a plugin says of itself."""
    from wardian.plugins import description, origin  # noqa: PLC0415 - the runtime, when it is needed
    from wardian.policy import Limits  # noqa: PLC0415

    plugin = project.plugins[name]
    given = origin.read(plugin.source_path, Limits(**plugin.limits).module)
    manifest = None if given.text else description.read(given.content)
    if manifest is None:
        raise PackageError("it says nothing of a package")
    return manifest


def _counted(count: int) -> str:
    return f"{count} problem{'s' if count > 1 else ''}" if count else "no problems"
