"""Where a plugin's bytes come from, and what it is called by default."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from wardian.errors import LimitExceeded, PackageError
from wardian.quantity import format_size


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Origin:
    """A module as it was given.

    Attributes:
        content: wasm, or the text format where `text`.
        text: whether it has to be parsed first.
        name: the file's name without its ending, or the beginning of the digest.
        where: the path, or what stands for it in messages.
    """

    content: bytes
    text: bool
    name: str
    where: str

    def digest(self) -> str:
        """sha256 of the content, in hex."""
        return hashlib.sha256(self.content).hexdigest()


def read(given: str | Path | bytes | bytearray | memoryview, most: int) -> Origin:
    """Read what `load` was given: a path that ends in `.wasm` or `.wat`, or wasm bytes.

    Raises:
        PackageError: `not_found` or `unreadable`.
        LimitExceeded: `module`, when a file is larger than `most` bytes; it is not read then.
        TypeError: it is neither a path nor bytes.
    """
    if isinstance(given, (bytes, bytearray, memoryview)):
        content = bytes(given)
        name = f"sha256-{hashlib.sha256(content).hexdigest()[:16]}"
        return Origin(content, text=False, name=name, where="the given bytes")
    if not isinstance(given, (str, Path)):
        raise TypeError(f"expected a path or the bytes of a module, got {type(given).__name__}")
    path = Path(given)
    try:
        path = path.expanduser()
        size = path.stat().st_size
        if size <= most:
            with path.open("rb") as file:
                content = file.read(most + 1)  # a pipe or a device says nothing of its size
            size = len(content)
        if size > most:
            raise LimitExceeded(
                f"the file has {format_size(size)}, a module at most {format_size(most)}", limit="module",
                value=most, asked=size, where=str(path),
                hint="raise the limit `module`, or build the plugin without debug info",
            )  # fmt: skip
    except FileNotFoundError:
        raise PackageError("there is no such file", code="not_found", where=str(path), hint=_similar(path)) from None
    except IsADirectoryError:
        raise PackageError(
            "this is a directory", code="unreadable", where=str(path), hint="name the `.wasm` file in it"
        ) from None
    except OSError as error:
        raise PackageError(f"it cannot be read: {error.strerror}", code="unreadable", where=str(path)) from None
    except (ValueError, RuntimeError) as error:  # a zero byte in the path; `~` of somebody who has no home
        raise PackageError(f"this is no path: {error}", code="not_found", where=repr(str(path))) from None
    return Origin(content, text=path.suffix == ".wat", name=path.stem, where=str(path))


def _similar(path: Path) -> str:
    near = sorted(each.name for each in path.parent.glob("*.wasm"))[:5] if path.parent.is_dir() else []
    if near:
        return f"in {path.parent} there is: {', '.join(near)}"
    return "build the plugin first, or check the path"
