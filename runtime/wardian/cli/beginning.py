"""What `wardian new` does once its options are read: write the plugin, and say what to do next."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from wardian.cli import json_text, terminal
from wardian.cli.diagnostics import shown
from wardian.cli.exit_codes import OK
from wardian.cli.usage import Usage
from wardian.document.problem import nearest
from wardian.package.manifest import KINDS
from wardian.toolchain import languages, templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line of `wardian new`, a field for each of its arguments and options."""

    name: str | None = None
    language: str | None = None
    kind: str | None = None
    folder: str | None = None
    as_list: bool = False
    as_json: bool = False


def new(asked: Asked) -> int:
    """Begin a plugin, or list what there is, and give the exit code.

    Raises:
        Usage: the command line says too little, or names what there is not.
        ConfigError: the name breaks a rule, or something stands where the plugin is to be put.
    """
    if asked.as_list:
        _list(as_json=asked.as_json)
        return OK
    name, language, kind = _complete(asked)
    _, short = templates.parsed(name)
    folder = Path(asked.folder or short)
    files = templates.begin(name, language, kind, folder)
    if asked.as_json:
        terminal.give(json_text.write({"folder": str(folder), "files": [str(each) for each in files]}, indent=None))
    else:
        for line in told(folder, files, language):
            terminal.say(line)
    return OK


def told(folder: Path, files: tuple[Path, ...], language: str) -> list[str]:
    """What was written, and what to do next."""
    lines = [f"wrote {shown(str(each))}" for each in files]
    if missing := [tool for tool in languages.language(language).tools if tool.find() is None]:
        lines += ["", f"this machine lacks {', '.join(tool.name for tool in missing)}; install with"]
        lines += [f"  {_bold(each)}" for each in dict.fromkeys(tool.install for tool in missing)]
    lines += [
        "",
        "what to do next:",
        f"  {_bold(f'cd {shlex.quote(str(folder))}')}",
        f"  {_bold('wardian build')}   make the module",
        f"  {_bold('wardian test')}    run cases.yaml, and see whether it keeps the promises of its kind",
        f"  {_bold('wardian dev')}     do both again whenever you change a file",
    ]
    return lines


def _complete(asked: Asked) -> tuple[str, str, str]:
    """The name, the language and the kind, each of which has to be there."""
    name, language, kind = asked.name, asked.language, asked.kind
    if name is None:
        raise Usage("name the plugin", hint="such as `wardian new word-count --language c --kind processor`")
    if language is None or kind is None:
        missing = " and ".join(each for each, given in (("--language", language), ("--kind", kind)) if given is None)
        raise Usage(f"say {missing}", hint=f"languages: {_names(languages.NAMES)}; kinds: {_names(KINDS)}")
    if language not in languages.NAMES:
        raise _unknown("language", language, languages.NAMES)
    if kind not in KINDS:
        raise _unknown("kind", kind, KINDS)
    return name, language, kind


def _unknown(what: str, given: str, known: tuple[str, ...]) -> Usage:
    near = nearest(given, known)
    return Usage(f"there is no {what} `{given}`", where=f"--{what}", hint=f"{near} there are: {_names(known)}".strip())


def _names(known: tuple[str, ...]) -> str:
    return ", ".join(known)


def _bold(text: str) -> str:
    return click.style(text, bold=True)


def _list(*, as_json: bool) -> None:
    rows = []
    for name in languages.NAMES:
        language = languages.language(name)
        missing = [tool for tool in language.tools if tool.find() is None]
        install = " && ".join(dict.fromkeys(tool.install for tool in missing))
        rows.append((language, templates.kinds(name), [tool.name for tool in missing], install))
    if as_json:
        listed = [
            {"language": language.name, "title": language.title, "kinds": list(kinds), "missing": missing,
             "install": install}
            for language, kinds, missing, install in rows
        ]  # fmt: skip
        terminal.give(json_text.write(listed, indent=2 if sys.stdout.isatty() else None))
        return
    from rich.table import Table  # noqa: PLC0415 - only where a person looks

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in ("--language", "", "--kind", "here"):
        table.add_column(column, overflow="fold")
    for language, kinds, lacking, _ in rows:
        every = "every kind" if kinds == KINDS else ", ".join(kinds) or "(no template)"
        table.add_row(language.name, language.title, every, f"lacks {', '.join(lacking)}" if lacking else "yes")
    terminal.show(table, sys.stdout)
    terminal.give(f"\nevery kind: {_names(KINDS)}")
