"""Installs what the tests of the SDKs need and is not there, with the commands that `wardian build` hints at.

python3 tests/toolchains.py [LANGUAGE …]
"""

from __future__ import annotations

import subprocess
import sys

from wardian.toolchain import languages


def main() -> int:
    """Install for all languages, or for those that are named; gives the exit code."""
    for name in sys.argv[1:] or languages.NAMES:
        for tool in languages.language(name).tools:
            if tool.find() is not None:
                continue
            print(f"{name}: {tool.install}", flush=True)
            if subprocess.run(tool.install, shell=True, check=False).returncode != 0:
                return 1
            if tool.find() is None:
                print(f"{name}: {tool.name} is still not found", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
