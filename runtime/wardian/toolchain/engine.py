"""What plugins of a scripting language run on: C sources, somebody else's and ours, compiled once for all builds."""

from __future__ import annotations

import hashlib
import re
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from wardian.errors import BuildError
from wardian.toolchain.tool import ZIG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from wardian.toolchain.workshop import Workshop

INSPECTOR: Final = "inspector.wasm"  # the module that says what a plugin exports and imports
_NAME: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.-]*")


class Upstream(NamedTuple):
    """C sources that are a part of a source distribution on PyPI: `NAME==VERSION`, and the archive's sha256."""

    package: str
    sha256: str


def kept(language: str, depends: Iterable[object], workshop: Workshop, make: Callable[[Path, Path], None]) -> Path:
    """The folder with an engine's objects and its inspector; made where there is none of just these parts.

    Args:
        language: whose.
        depends: all that what is made depends on; of a path, its name and content.
        workshop: where tools run, and the cache in which it is kept.
        make: fills the second folder, with the first one to work in.

    Raises:
        BuildError: the sources cannot be fetched, or do not compile.
    """
    says = hashlib.sha256(ZIG.install.rpartition("=")[2].encode())
    for each in depends:
        says.update(each.name.encode() + b"\0" + each.read_bytes() if isinstance(each, Path) else repr(each).encode())
        says.update(b"\0")
    folder = workshop.cache / language / f"engine-{says.hexdigest()[:16]}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as making:
        made = Path(making) / "engine"
        made.mkdir()
        make(Path(making), made)
        try:
            made.rename(folder)
        except OSError:  # another build was first
            if not folder.is_dir():
                raise
    return folder


def fetch(
    upstream: Upstream, within: str, folder: Path, workshop: Workshop, env: Mapping[str, str] | None = None
) -> Path:
    """Bring the sources from PyPI, and give their folder; pip checks the archive before anything of it is read.

    Args:
        upstream: which.
        within: their folder in the archive.
        folder: where the archive and what is taken out of it is put.
        workshop: where pip runs.
        env: laid over the environment of pip, which asks the archive what it is.

    Raises:
        BuildError: pip cannot fetch it, or it is another.
    """
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{upstream.package} --hash=sha256:{upstream.sha256}\n", encoding="utf-8")
    name = upstream.package.partition("==")[0]
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", name]
    workshop.run([*pip, "-d", folder, "-r", wanted], env=env)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as packed:
        for each in packed:  # by hand: before 3.11.4 Python has no filter for names that lead elsewhere
            parts = PurePosixPath(each.name).parts
            if not each.isfile() or not each.name.startswith(f"{within}/") or ".." in parts:
                continue
            if (content := packed.extractfile(each)) is not None:
                place = folder.joinpath(*parts)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content.read())
    return folder / within


def objects(folder: Path) -> list[Path]:
    """What a plugin is linked with."""
    return sorted(folder.glob("*.o"))


def zig(*words: str | Path) -> list[str | Path]:
    """A command of zig.

    Raises:
        BuildError: `toolchain_missing`, for whoever compiles without having asked for the tools.
    """
    found = ZIG.find()
    if found is None:
        raise BuildError(f"the engine needs {ZIG.name}", code="toolchain_missing", hint=ZIG.install)
    return [*found, *words]


def names_of_c(names: Sequence[str]) -> list[str]:
    """Names of exports and imports as texts of C.

    Raises:
        BuildError: a name cannot be one.
    """
    if odd := [name for name in names if not _NAME.fullmatch(name)]:
        raise BuildError(f"`{odd[0]}` cannot be the name of an export or an import")
    return [f'"{name}"' for name in names]


def imported(name: str) -> tuple[str, str]:
    """The module that an import belongs to, and its name there."""
    return ("app", name[4:]) if name.startswith("app.") else ("wardian", name)
