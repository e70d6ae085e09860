"""From a file or a text to a node: YAML, or JSON by its name; bounded in bytes and depth."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from wardian.document import json_text
from wardian.document.builder import Builder
from wardian.document.node import Node
from wardian.document.problem import Problem, Problems
from wardian.errors import ConfigError
from wardian.quantity import format_size

MOST: Final = 2**20  # bytes
DEPTH: Final = 64  # as a request's; beyond it nothing could be given to a plugin
MANIFEST_MOST: Final = 64 * 2**10  # bytes of what an author writes of a package
MANIFEST_DEPTH: Final = 20

_WRONG: Final = "this document is wrong"


def read(path: Path, *, most: int = MOST, depth: int = DEPTH, problems: Problems | None = None) -> Node:
    """The document in a file; an empty file is an empty map.

    Args:
        path: JSON where its name ends in `.json`, else YAML.
        most: bytes that it may have.
        depth: how deep its maps and lists may nest.
        problems: takes what is wrong where all can be read nevertheless, such as a key that stands twice; without it,
            that is raised as well.

    Raises:
        ConfigError: it cannot be read, is no map, or something in it is wrong; `problems` has all of that.
    """
    file = str(path)
    try:
        with path.expanduser().open("rb") as stream:
            content = stream.read(most + 1)
    except FileNotFoundError:
        raise ConfigError("there is no such file", where=file, hint="check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"the document cannot be read: {reason}", where=file) from None
    return parse(content, file, most=most, depth=depth, problems=problems)


def parse(
    content: bytes | str,
    file: str,
    *,
    most: int = MOST,
    depth: int = DEPTH,
    problems: Problems | None = None,
) -> Node:
    """The document in a text; arguments and errors as of `read`."""
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    if len(content) > most:
        told = Problem(f"at most {format_size(most)}", "more", file=file)
        raise ConfigError("this document is too large", problems=[told], where=file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
        told = Problem("UTF-8", "UTF-16" if utf16 else "other bytes", file=file, line=line)
        raise ConfigError("this document is not written in UTF-8", problems=[told], where=file) from None
    builder = Builder(file, depth)
    if not text.strip():
        return Node({}, file, 1)
    if Path(file).suffix == ".json":
        json_text.build(text, builder)
    else:
        from wardian.document import yaml_text  # noqa: PLC0415 - most programs that embed plugins read no YAML

        yaml_text.build(text, builder)
    if not builder.problems and builder.made.value is None:
        return Node({}, file, 1)
    if not builder.problems and not isinstance(builder.made.value, dict):
        builder.problem(builder.made.line, "a map of names to values", _kind(builder.made.value))
        builder.broken = True
    if problems is None or builder.broken or not isinstance(builder.made.value, dict):
        builder.problems.raise_any(_WRONG, where=file)
    else:
        for each in builder.problems.found:
            problems.add(each)
    return builder.made


def _kind(value: object) -> str:
    return "a list" if isinstance(value, list) else "one value alone"
