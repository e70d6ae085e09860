"""The crates that a package in Rust needs, brought from the registry once, and found again without it."""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wardian.toolchain import sdk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wardian.toolchain.workshop import Workshop

# A cargo of before 1.70 reaches crates.io by git, unless it is told otherwise by an option that was not stable then.
# It is set for fetching alone: what is compiled must not see it, for crates would take the compiler for a nightly one.
_OLD_CARGO: Final = re.compile(r"cargo 1\.(?:6[0-9])\.")
_NAME: Final = re.compile(r'^name = ".*"$', re.MULTILINE)


@contextmanager
def holding(folder: Path) -> Iterator[None]:
    """One build at a time has the folder, of all processes."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def vendored(cargo: str, package: Path, workshop: Workshop) -> Path:
    """A configuration of cargo that leads to all crates that the package in a folder needs; the caller holds the cache.

    Packages that need the same ones share them. The package's Cargo.lock is obeyed, or written.

    Raises:
        BuildError: the registry cannot be reached, or does not have them.
    """
    version = workshop.run([cargo, "--version"])
    place = workshop.cache / "rust" / "crates" / _key(package, version)
    config = place / "config.toml"
    if config.is_file():
        return config
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".") as made:
        old = _OLD_CARGO.match(version) is not None
        said = workshop.run(
            [
                cargo, *(["-Z", "sparse-registry"] if old else []), "vendor", "--versioned-dirs",
                "--config", f'patch.crates-io.wardian.path="{sdk.folder() / "rust"}"', Path(made) / "crates",
            ],
            cwd=package,
            env={"CARGO_HOME": str(cargo_home(workshop)), **({"RUSTC_BOOTSTRAP": "1"} if old else {})},
        )  # fmt: skip
        (Path(made) / "config.toml").write_text(said.replace(made, str(place)), "utf-8")
        shutil.rmtree(place, ignore_errors=True)
        Path(made).rename(place)
        Path(made).mkdir()  # for its removal
    return config


def cargo_home(workshop: Workshop) -> Path:
    """A home for cargo, which must not need that of whoever builds."""
    return workshop.cache / "rust" / "home"


def _key(package: Path, version: str) -> str:
    """What tells the needs of packages apart: their manifests but for the names, and what they are locked to."""
    ours = sdk.folder() / "rust" / "Cargo.toml"
    parts = [version, str(ours), ours.read_text("utf-8")]
    for file in sorted([*package.rglob("Cargo.toml"), package / "Cargo.lock"]):
        if file.is_file():
            parts += [_NAME.sub("", file.read_text("utf-8"), 1)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
