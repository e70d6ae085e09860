"""`python -m wardian`, and the command `wardian`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; says what to install where its libraries are missing."""
    try:
        from wardian.cli.main import run  # noqa: PLC0415 - an embedding program needs neither click nor rich
    except ModuleNotFoundError as error:
        if error.name not in ("click", "rich"):
            raise
        sys.exit(f"wardian: the command line needs `{error.name}`\nhint: pip install 'wardian[cli]'")
    run()


if __name__ == "__main__":
    main()
