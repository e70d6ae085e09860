"""Rust, compiled by a cargo that knows WebAssembly: rustup's with the target added, or Debian's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wardian.errors import BuildError
from wardian.toolchain import sdk
from wardian.toolchain.crates import cargo_home, holding, vendored
from wardian.toolchain.language import Language
from wardian.toolchain.tool import Tool

if TYPE_CHECKING:
    from wardian.toolchain.project import Project
    from wardian.toolchain.tool import Command
    from wardian.toolchain.workshop import Workshop

TARGET: Final = "wasm32-unknown-unknown"
_PACKAGES: Final = "rustc cargo libstd-rust-dev-wasm32 lld-14"
_DEBIAN: Final = f"apt-get update -q && apt-get install -q -y --no-install-recommends {_PACKAGES}"
_RUSTUP: Final = f"rustup target add {TARGET}"
DEBIANS: Final = Path("/usr/bin/rustc")  # which that of rustup may stand before
_STACK: Final = 131_072  # a page of 64 KiB is too little for values of 64 levels, rustc's own 1 MiB is most of a limit
# What a module is built with where its author's Cargo.toml says nothing else: small, and the same each time.
_PROFILE: Final = {"opt-level": "s", "lto": True, "codegen-units": 1, "panic": "abort", "strip": "symbols"}
_LEFT_OUT: Final = shutil.ignore_patterns("target", ".git", "node_modules", "*.wasm")
_MANIFEST: Final = """\
[package]
name = "{name}"
version = "0.0.0"
edition = "2021"

[lib]
path = "{source}"
crate-type = ["cdylib"]

[dependencies]
wardian = {{ path = {wardian} }}
serde = {{ version = "1", default-features = false, features = ["std", "derive"] }}
"""


def _find() -> Command | None:
    """The paths of a cargo and of its rustc, which has the target's standard library."""
    names = [found for folder in os.get_exec_path() if (found := shutil.which("rustc", path=folder))]
    for rustc in dict.fromkeys([*names, str(DEBIANS)]):
        root = _sysroot(rustc)
        if root is None or not any((root / "lib" / "rustlib" / TARGET / "lib").glob("libstd-*.rlib")):
            continue
        if (cargo := root / "bin" / "cargo").is_file() and (root / "bin" / "rustc").is_file():
            return (str(cargo), str(root / "bin" / "rustc"))  # itself, not what rustup puts in front of it
    return None


def _sysroot(rustc: str) -> Path | None:
    try:
        done = subprocess.run(  # noqa: S603 - a compiler of the search path
            [rustc, "--print", "sysroot"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return None
    return Path(done.stdout.strip()) if done.returncode == 0 else None


def _compile(project: Project, output: Path, workshop: Workshop) -> None:
    cargo, rustc = _require()
    package = workshop.folder / "package"
    manifest = _package(project, package)
    with holding(workshop.cache / "rust"):  # what cargo leaves is found by the name of a package, which others may have
        sources = vendored(cargo, package, workshop)
        flags = [
            f"-Clink-arg=-zstack-size={_STACK}",
            "-Ctarget-feature=+bulk-memory",
            f"--remap-path-prefix={sdk.folder() / 'rust'}=wardian",
            f"--remap-path-prefix={sources.parent}=crates",
        ]
        settings = {f"profile.release.{key}": value for key, value in _profile(manifest).items()}
        settings["patch.crates-io.wardian.path"] = str(sdk.folder() / "rust")
        options = [part for key, value in settings.items() for part in ("--config", f"{key}={_toml(value)}")]
        target = workshop.cache / "rust" / "target"
        workshop.run(
            [cargo, "build", "--release", "--offline", "--quiet", "--target", TARGET, "--config", sources, *options],
            cwd=package,
            env={
                "CARGO_HOME": str(cargo_home(workshop)), "CARGO_TARGET_DIR": str(target), "RUSTC": rustc,
                "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(flags), "CARGO_TERM_COLOR": "never",
            },
        )  # fmt: skip
        made = target / TARGET / "release" / f"{_module_name(manifest)}.wasm"
        if not made.is_file():
            raise BuildError("no module came of this package", hint='say `crate-type = ["cdylib"]` below `[lib]`')
        shutil.copyfile(made, output)
        made.unlink()


def _require() -> Command:
    found = _find()
    if found is None:  # for whoever compiles without having asked for the tools
        raise BuildError("no Rust with WebAssembly is installed", code="toolchain_missing", hint=RUST.install)
    return found


def _package(project: Project, package: Path) -> dict[str, Any]:
    """Copy the author's files, for cargo writes beside them, and give their Cargo.toml, or one that is written here.

    Copies are newer than anything that cargo keeps, so that it never takes another's module for this one.
    """
    shutil.copytree(project.folder, package, ignore=_LEFT_OUT, copy_function=shutil.copy)
    file = package / "Cargo.toml"
    if file.is_file():
        text = _absolute(file.read_text("utf-8"), project.folder)
    else:
        source = project.sources[0].relative_to(project.folder).as_posix()
        text = _MANIFEST.format(name=project.name, source=source, wardian=_toml(str(sdk.folder() / "rust")))
    file.write_text(text, "utf-8")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BuildError(f"Cargo.toml cannot be read: {error}") from None


def _absolute(manifest: str, folder: Path) -> str:
    """A manifest whose paths to what stands outside its folder lead there from anywhere."""

    def lead(found: re.Match[str]) -> str:
        return found[1] + _toml(str((folder / found[2]).resolve()))

    return re.sub(r"""(\bpath\s*=\s*)["'](\.\./[^"']*)["']""", lead, manifest)


def _profile(manifest: dict[str, Any]) -> dict[str, Any]:
    said = manifest.get("profile", {}).get("release", {})
    return {key: value for key, value in _PROFILE.items() if key not in said}


def _module_name(manifest: dict[str, Any]) -> str:
    name: str = manifest.get("lib", {}).get("name") or manifest.get("package", {}).get("name", "")
    return name.replace("-", "_")


def _toml(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value).lower()


def _sources(_folder: Path, _name: str) -> tuple[str, ...]:
    return ("src/lib.rs",)


RUST: Final = Tool(f"Rust for {TARGET}", _find, _DEBIAN if shutil.which("apt-get") else _RUSTUP)
LANGUAGE: Final = Language("rust", "Rust", (RUST,), _sources, _compile)
