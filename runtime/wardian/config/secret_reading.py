"""Reads the secrets of a project: from the environment, from files, from the output of commands; each bounded."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import stat
import subprocess
import time
from typing import TYPE_CHECKING, Final

from wardian import child
from wardian.config import secret_references
from wardian.config.masker import PART
from wardian.config.plugin import beside, folder_of
from wardian.config.secrets import Secrets
from wardian.document.node import below
from wardian.document.problem import Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from wardian.config.project import Project
    from wardian.config.secret import SecretSource

MOST: Final = 64 * 2**10  # bytes of one secret
SECONDS: Final = 10.0  # for a command


class _Unread(Exception):  # noqa: N818 - why a secret cannot be had; holds nothing of it
    def __init__(self, expected: str, found: str) -> None:
        super().__init__(expected)
        self.expected, self.found = expected, found


def read(project: Project, environ: Mapping[str, str]) -> tuple[Secrets, list[Problem]]:
    """Read the secrets that the project asks for, and no others; and what is unwise about them.

    Raises:
        ConfigError: one of them is not there, is empty, or is out of bounds.
    """
    problems, warnings = Problems(), Problems()
    values = {}
    for name in sorted(secret_references.asked_for(project) & set(project.secrets)):
        source = project.secrets[name]
        node, path = source.at.node, below("secrets", name)
        try:
            value = _one(source, environ, path, warnings)
        except _Unread as error:
            problems.note(node, path, error.expected, error.found, at_key=True)
            continue
        values[name] = value
        if len(value) < PART:
            problem = f"a secret of {PART} characters or more", f"one of {len(value)}"
            warnings.note(node, path, *problem, hint="it is masked only where it stands as it is", at_key=True)
    problems.raise_any("secrets cannot be read")
    return Secrets(values), warnings.sorted()


def _one(source: SecretSource, environ: Mapping[str, str], path: str, warnings: Problems) -> str:
    if source.env is not None:
        if source.env not in environ:
            raise _Unread(f"the variable `{source.env}` of the environment", "none")
        content = environ[source.env].encode("utf-8", "surrogateescape")
    elif source.file is not None:
        content = _file(beside(source.at.node.at(["file"]), source.file), source, path, warnings)
    else:
        content = _output(source.command or (), folder_of(source.at.node))
    if len(content) > MOST:
        raise _Unread("a secret of at most 64 KiB", "more")
    try:
        text = content.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise _Unread("a secret in UTF-8", "other bytes") from None
    if not text:
        raise _Unread("a secret", "an empty text")
    return text


def _file(path: Path, source: SecretSource, at: str, warnings: Problems) -> bytes:
    try:
        # Not blocking: a FIFO that nobody writes to would never open.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise _Unread("a file that can be read", getattr(error, "strerror", None) or "no path") from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise _Unread("a file", "something else of that name")
        if found.st_mode & stat.S_IROTH:
            expected, hint = "a file that not everybody can read", f"chmod o-r {path.name}"
            warnings.note(source.at.node.at(["file"]), f"{at}.file", expected, "one", hint=hint)
        content = b""
        while len(content) <= MOST and (more := os.read(descriptor, MOST + 1 - len(content))):
            content += more
    except OSError as error:
        raise _Unread("a file that can be read", error.strerror or "none") from None
    finally:
        os.close(descriptor)
    return content


def _output(command: tuple[str, ...], folder: Path) -> bytes:
    """What a program writes to its standard output; it, and what it started, are gone afterwards."""
    try:
        process = child.start(command, ("stdout",), folder=folder)  # the operator's own, and no shell
    except (OSError, ValueError) as error:
        raise _Unread("a program that can be run", getattr(error, "strerror", None) or "no such name") from None
    with process:
        try:
            content = _read(process, time.monotonic() + SECONDS)
            code = process.wait(SECONDS) if len(content) <= MOST else 0
        except (TimeoutError, subprocess.TimeoutExpired):
            raise _Unread(f"a command that ends within {SECONDS:g} s", "one that does not") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    if code:
        raise _Unread("a command that ends with 0", str(code))
    return content


def _read(process: subprocess.Popen[bytes], until: float) -> bytes:
    content = b""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while len(content) <= MOST:
            left = until - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise TimeoutError
            more = os.read(process.stdout.fileno(), MOST)
            if not more:
                break
            content += more
    return content
