"""What all tests share: a home that is not the user's, one compile cache, a runtime, guests by their names."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

import wardian
from support import probes
from support.servers import Authority, Server, reply
from support.wat import wasm_of
from wardian.toolchain.build import build
from wardian.toolchain.project import find

# A machine that is busy with other tests is no fault of an input.
hypothesis.settings.register_profile("steady", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("steady")

TESTS = Path(__file__).parent
SDK = TESTS.parent / "sdk"
EXAMPLES = TESTS.parent / "guest_examples"


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory):
    """A folder of this session, the same one for all workers of pytest-xdist."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session", autouse=True)
def _own_home(shared_folder, pytestconfig):
    """Neither the user's home nor any `XDG_*` folder is seen by a test or by the processes that it starts."""
    home = shared_folder / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        for name, folder in {
            "CONFIG": ".config",
            "CACHE": ".cache",
            "STATE": ".local/state",
            "DATA": ".local/share",
        }.items():
            path = home / folder
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            patch.setenv(f"XDG_{name}_HOME", str(path))
        # zig compiles its own runtime for each new cache: its cache stays from one session to the next.
        patch.setenv("ZIG_GLOBAL_CACHE_DIR", str(pytestconfig.cache.mkdir("zig")))
        patch.setenv("GOCACHE", str(pytestconfig.cache.mkdir("go")))  # and so does that of Go's own library
        yield


@pytest.fixture(scope="session")
def cache(shared_folder, _own_home):
    """The folder of the compile cache: a guest is compiled once in a session."""
    return shared_folder / "home" / ".cache" / "wardian"


@pytest.fixture
def runtime(cache):
    """A runtime with the session's compile cache, and state in memory."""
    with wardian.Runtime(cache=cache) as runtime:
        yield runtime


@pytest.fixture(scope="session")
def guest():
    """Gives the path of `tests/guests/<name>.wat`."""

    def path(name):
        found = TESTS / "guests" / f"{name}.wat"
        assert found.is_file(), f"there is no guest {found}"
        return found

    return path


@pytest.fixture
def load(runtime, guest):
    """Loads `tests/guests/<name>.wat` on the test's runtime; `replace` maps parts of its text to others first."""

    def loaded(name, /, replace=None, **arguments):
        text = guest(name).read_text()
        for old, new in (replace or {}).items():
            assert old in text, f"{old} is not in {name}.wat"
            text = text.replace(old, new)
        return runtime.load(wasm_of(text), **{"name": name, **arguments})

    return loaded


@pytest.fixture
def serve():
    """Starts servers on loopback that answer as the test says, and stops them with it."""
    with contextlib.ExitStack() as started:

        def start(answer=lambda _: reply(), **more):
            return started.enter_context(Server(answer, **more))

        yield start


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """A certificate authority that nobody else trusts."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def asks_http(load):
    """Loads a guest that makes the HTTP requests it is told to, and gives a function that tells it; `.plugin` is it.

    With `times` it makes each request so often, and answers with the last answer.
    """

    def loaded(*hosts, times=1, **arguments):
        asking = "(call $ask (local.get $at) (local.get $size))"
        again = f"(drop {asking}) " * (times - 1)
        replace = {
            '"wardian" "log"': '"wardian" "http_request"',
            f"(local.set $result {asking})": f"{again} (local.set $result {asking})",
        }
        limits = {"limits": wardian.Limits(deadline=20, http_time=15, http_requests=100)}
        plugin = load("asks", replace, grants=wardian.Grants(http=hosts), **{**limits, **arguments})

        def ask(url, method="GET", **more):
            return plugin.call("ask", {"method": method, "url": url, **more})

        ask.plugin = plugin
        return ask

    return loaded


@pytest.fixture(scope="session")
def c_guest(shared_folder):
    """Gives the path of `guest_examples/<name>/c` or `tests/guests/c/<name>`, compiled once in a session."""

    def path(name):
        output = shared_folder / f"{name}.c.wasm"
        with (shared_folder / f"{name}.c.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not output.exists():
                folders = (EXAMPLES / name / "c", TESTS / "guests" / "c" / name)
                sources = sorted(source for folder in folders for source in folder.glob("*.c"))
                assert sources, f"there is no guest {name} in C"
                command = [sys.executable, SDK / "c" / "wardian-cc", *sources, "-o", output]
                subprocess.run(command, check=True, timeout=300)
        return output

    return path


@pytest.fixture(scope="session")
def probe_wasm(shared_folder):
    """Gives the path of the probe of a language's SDK, built once in a session."""

    def path(language):
        output = shared_folder / f"probe.{language}.wasm"
        with (shared_folder / f"probe.{language}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not output.exists():
                build(find(probes.folder(language)), output)
        return output

    return path


@pytest.fixture(scope="session")
def built_example(shared_folder):
    """Gives the path of `guest_examples/<name>/<language>`, built once in a session."""

    def path(name, language):
        output = shared_folder / f"{name}.{language}.built.wasm"
        with (shared_folder / f"{name}.{language}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not output.exists():
                build(find(EXAMPLES / name / language), output)
        return output

    return path


def pytest_terminal_summary(terminalreporter):
    """What a newcomer waits for, in each language: `wardian new`, `build` and `test`, of every kind."""
    waited = {}
    for report in terminalreporter.stats.get("passed", ()):
        found = dict(report.user_properties)
        if "newcomer" in found:
            waited.setdefault(found["newcomer"], []).append((found["seconds"], found["build_seconds"], found["bytes"]))
    if waited:
        terminalreporter.section("seconds of `wardian new`, `build` and `test`, the longest of all kinds")
    for language, each in sorted(waited.items()):
        longest, build, size = map(max, zip(*each, strict=True))
        terminalreporter.write_line(
            f"{language:16}{longest:6.1f}, to build{build:6.1f}, of at most{size / 1000:9.1f} kB"
        )
