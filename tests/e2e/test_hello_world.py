"""The README's task, as a newcomer runs it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_recipe_of_the_readme_builds_the_plugin_and_prints_what_the_readme_shows(tmp_path):
    found = re.search(
        r"^```sh hello\n(.*?)^```\n```text\n(.*?)^```$",
        (ROOT / "README.md").read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    command, shown = found.groups()
    for name in ("sdk", "guest_examples"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.wasm"))
    shutil.copy(ROOT / "justfile", tmp_path)
    path = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    done = subprocess.run(
        command.split(), cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, **path},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(".*".join(map(re.escape, shown.split("…"))), done.stdout)
