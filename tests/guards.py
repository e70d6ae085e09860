"""Takes each guard of the runtime out, one at a time, and expects the tests that stand behind it to fail.

`python3 tests/guards.py [WORD…]` tries all guards of `tests/adversarial/guards.toml`, or those whose names hold one of
the words. Each is taken out of a copy of the package, which stands first on the path; the working tree stays as it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "runtime" / "wardian"
AT_ONCE = 2
SECONDS = 60  # a test that hangs without its guard has failed as well
TESTS_FAILED = 1  # pytest's exit code


@dataclass(frozen=True)
class Guard:
    """Lines of the package, what they are replaced by, and the tests that fail then."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    count: int = 1

    def take_out(self, package: Path) -> None:
        """Replace it in a copy of the package."""
        path = package / self.file
        text = path.read_text("utf-8")
        found = text.count(self.old)
        if found != self.count:
            raise LookupError(f"`{self.name}`: expected {self.count} of it in {self.file}, found {found}")
        path.write_text(text.replace(self.old, self.new), "utf-8")


def guards() -> list[Guard]:
    """All that are written down."""
    listed = tomllib.loads((TESTS / "adversarial" / "guards.toml").read_text("utf-8"))["guard"]
    return [Guard(**{**each, "tests": tuple(each["tests"])}) for each in listed]


def untested_without(guard: Guard) -> str:
    """What is wrong when the guard is out and its tests do not fail, or an empty text."""
    with tempfile.TemporaryDirectory(prefix="guard-") as folder:
        package = Path(folder) / "wardian"
        shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
        try:
            guard.take_out(package)
        except LookupError as error:
            return str(error)
        try:
            done = run_tests(guard.tests, Path(folder))
        except subprocess.TimeoutExpired:
            return ""
    if done.returncode < 0:  # the guard kept the process alive
        return ""
    failed = [line.removeprefix("FAILED ") for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    green = [test for test in guard.tests if not any(line.startswith(f"tests/{test}") for line in failed)]
    if done.returncode == TESTS_FAILED and not green:
        return ""
    return f"`{guard.name}` can be taken out: exit code {done.returncode} of {', '.join(green or guard.tests)}"


def red_already(wanted: list[Guard]) -> str:
    """Which tests fail with every guard in its place, so that they would prove nothing; or an empty text."""
    tests = tuple(dict.fromkeys(test for guard in wanted for test in guard.tests))
    with tempfile.TemporaryDirectory(prefix="guard-") as folder:
        shutil.copytree(PACKAGE, Path(folder) / "wardian", ignore=shutil.ignore_patterns("__pycache__"))
        done = run_tests(tests, Path(folder), seconds=5 * SECONDS)
    return "" if done.returncode == 0 else f"with every guard in its place, tests fail:\n{done.stdout[-3000:]}"


def run_tests(tests: tuple[str, ...], folder: Path, seconds: int = SECONDS) -> subprocess.CompletedProcess[str]:
    """Run tests with the package that lies in the folder."""
    command = [
        sys.executable, "-m", "pytest", "-q", "-rf", "--tb=no", "-p", "no:randomly",
        "-o", f"cache_dir={folder / 'cache'}", f"--basetemp={folder / 'temp'}",
        *(str(TESTS / test) for test in tests),
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=TESTS.parent, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )


def main(words: list[str]) -> int:
    """Try the guards that are asked for; gives an exit code."""
    wanted = [guard for guard in guards() if not words or any(word in guard.name for word in words)]
    if red := red_already(wanted):
        print(red)
        return 1
    with ThreadPoolExecutor(AT_ONCE) as threads:
        wrong = [text for text in threads.map(untested_without, wanted) if text]
    print(*wrong, f"{len(wanted) - len(wrong)} of {len(wanted)} guards are held by their tests", sep="\n")
    return 1 if wrong or not wanted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
