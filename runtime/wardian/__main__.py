"""`python -m wardian`, and the command `wardian`."""

from __future__ import annotations

import importlib.util
import sys


def main() -> None:
    """Run the command line; where its libraries are missing, say what to install and exit with 2."""
    missing = [name for name in ("click", "rich") if importlib.util.find_spec(name) is None]
    if missing:
        needed = " and ".join(f"`{name}`" for name in missing)
        sys.stderr.write(f"error: the command line needs {needed}\nhint: pip install 'wardian[cli]'\n")
        sys.exit(2)
    from wardian.cli.main import run  # noqa: PLC0415 - an embedding program needs neither click nor rich

    run()


if __name__ == "__main__":
    main()
