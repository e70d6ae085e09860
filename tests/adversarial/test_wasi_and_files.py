"""Files: a guest sees those of its own package, from memory, and nothing of its host, whatever it tries.

What is tried is tried by a program in C, `reaches_out.c`, with its C library and with WASI's functions themselves.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import wardian
from support.programs import run
from wardian.errors import ConfigError, PackageError
from wardian.sandbox.wasi_errno import Errno

FILES = {"a.txt": b"the package's own", "folder/b": b"bee"}
GRANTS = wardian.Grants(package=True)


@pytest.fixture(scope="session")
def reaches_out(shared_folder):
    """The path of `reaches_out.c`, compiled once a session as anybody compiles a WASI program."""
    output = shared_folder / "reaches_out.wasm"
    with (shared_folder / "reaches_out.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not output.exists():
            command = [
                sys.executable,
                "-m",
                "ziglang",
                "cc",
                "--target=wasm32-wasi",
                "-Os",
                "-Wall",
                "-Wextra",
                "-Werror",
            ]
            source = Path(__file__).with_name("reaches_out.c")
            subprocess.run([*command, source, "-o", output], check=True, timeout=300)
    return output


@pytest.fixture(scope="session")
def secret(tmp_path_factory):
    """A file of the host that anybody on it could read."""
    path = tmp_path_factory.mktemp("host") / "secret"
    path.write_bytes(b"the host's own")
    return path


@pytest.fixture(scope="session")
def tried(reaches_out, secret, cache):
    """What the program tried and what came of it."""
    with wardian.Runtime(cache=cache) as runtime:
        return runtime.load(reaches_out, grants=GRANTS, files=FILES).call("reach", str(secret))


LEAVES = {
    "host": Errno.NOTCAPABLE,
    "libc host": Errno.NOENT,  # the library itself knows of no directory that leads there
    "up to host": Errno.NOTCAPABLE,
    "libc up to host": Errno.NOENT,
    "down and up to host": Errno.NOTCAPABLE,
    "libc package and up to host": Errno.NOTCAPABLE,
    "..": Errno.NOTCAPABLE,
    "/": Errno.NOTCAPABLE,
    "/etc/passwd": Errno.NOTCAPABLE,
    "//etc/passwd": Errno.NOTCAPABLE,
    "a.txt/../../etc/passwd": Errno.NOTDIR,
    "folder/../..": Errno.NOTCAPABLE,
    "\\..\\etc\\passwd": Errno.NOENT,
    "proc": Errno.NOTCAPABLE,
    "dev": Errno.NOTCAPABLE,
    "libc /etc/passwd": Errno.NOENT,
    "libc /proc/self/fd/0": Errno.NOENT,
    "libc chdir /": Errno.NOENT,
    "libc stat /etc": Errno.NOENT,
    "libc opendir /": Errno.NOENT,
    "libc opendir /package/..": Errno.NOTCAPABLE,
    "name of 5000": Errno.NAMETOOLONG,
    "way up of 4095": Errno.NOTCAPABLE,
    "NUL": Errno.INVAL,
    "not UTF-8": Errno.ILSEQ,
    "path outside memory": Errno.FAULT,
    "other directories": Errno.BADF,
    "make link to host": Errno.ROFS,
    "libc link to host": Errno.ROFS,
    "make link up": Errno.ROFS,
    "open link": Errno.NOENT,
    "open through link": Errno.NOENT,
    "read link": Errno.NOTCAPABLE,
}
CHANGES = {
    "all rights": Errno.ROFS,
    "hard link of host": Errno.ROFS,
    "hard link of own": Errno.ROFS,
    "libc create": Errno.ROFS,
    "libc create host": Errno.NOENT,
    "libc append": Errno.ROFS,
    "libc truncate": Errno.ROFS,
    "truncate for reading": Errno.ROFS,
    "create": Errno.ROFS,
    "create without a right": Errno.ROFS,
    "libc rename": Errno.ROFS,
    "libc rename over": Errno.ROFS,
    "rename to host": Errno.ROFS,
    "rename from host": Errno.ROFS,
    "libc unlink": Errno.ROFS,
    "unlink host": Errno.ROFS,
    "libc mkdir": Errno.ROFS,
    "libc rmdir": Errno.ROFS,
    "times": Errno.ROFS,
    "write": Errno.BADF,
    "write at": Errno.BADF,
    "more rights": Errno.NOTSUP,
    "renumber": Errno.NOTSUP,
    "write to directory": Errno.BADF,
}
FILLS = {
    "size": Errno.ROFS,
    "sparse": Errno.ROFS,
    "allocate": Errno.ROFS,
    "descriptors without end": Errno.MFILE,
}


@pytest.mark.parametrize("attempt", LEAVES)
def test_case_92_no_path_leads_out_of_the_package(tried, attempt):
    assert tried[attempt] == LEAVES[attempt]


@pytest.mark.parametrize("attempt", CHANGES)
def test_case_93_nothing_is_made_changed_or_removed(tried, secret, attempt):
    assert tried[attempt] == CHANGES[attempt]
    assert list(secret.parent.iterdir()) == [secret]
    assert secret.read_bytes() == b"the host's own"


@pytest.mark.parametrize("attempt", FILLS)
def test_case_96_nothing_can_be_filled(tried, attempt):
    assert tried[attempt] == FILLS[attempt]


def test_case_92_93_96_all_that_was_tried_is_judged_and_its_own_files_are_as_they_were(tried, healthy):
    rest = {name: value for name, value in tried.items() if name not in LEAVES | CHANGES | FILLS}
    assert rest == {
        "read": FILES["a.txt"],
        "listed": [".", "..", "a.txt", "folder"],
        "sockets": [Errno.NOSYS] * 20,
    }
    healthy()


WATCHED = """
import ctypes, os, resource, struct, sys
import wardian

program, secret, cache = sys.argv[1:]
files = {"a.txt": b"the package's own", "folder/b": b"bee"}
libc = ctypes.CDLL(None, use_errno=True)
seen = []

def hook(event, arguments):
    if watching and event.split(".")[0] in {"open", "os", "socket", "subprocess", "shutil", "import", "glob"}:
        seen.append((event, repr(arguments)))

watching = False
sys.addaudithook(hook)
with wardian.Runtime(cache=cache) as runtime:
    plugin = runtime.load(program, grants=wardian.Grants(package=True), files=files)
    first = plugin.call("reach", secret)
    # The kernel tells of each look at the secret or its directory: IN_ALL_EVENTS, but for what was there before.
    watch = libc.inotify_init1(os.O_NONBLOCK)
    assert watch >= 0 and libc.inotify_add_watch(watch, os.path.dirname(secret).encode(), 0xFFF) >= 0
    before = set(os.listdir("/proc/self/fd"))
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, limits[1]))  # nobody can open anything, C code neither
    watching = True
    try:
        second = plugin.call("reach", secret)
    finally:
        watching = False
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert set(os.listdir("/proc/self/fd")) == before
    assert second == first
    assert seen == [], seen
    try:
        told = os.read(watch, 4096)
    except BlockingIOError:
        told = b""
    assert told == b"", told
    open(secret).close()
    assert os.read(watch, 4096), "the watch would have seen it"
    os.close(watch)
    print("nothing was opened")
"""


def test_case_92_no_file_of_the_host_is_opened_by_anybody_while_a_guest_tries(reaches_out, secret, cache):
    assert run(WATCHED, reaches_out, secret, cache) == "nothing was opened\n"


def test_case_92_without_the_grant_there_is_no_directory_at_all(reaches_out, secret, runtime):
    tried = runtime.load(reaches_out).call("reach", str(secret))
    assert {tried[name] for name in ("host", "..", "/etc/passwd", "all rights", "unlink host")} == {Errno.BADF}
    assert (tried["read"], tried["listed"]) == (b"", [])


@pytest.mark.parametrize("content", [Path("/etc/passwd"), "text", None, 1, bytearray(b"mutable"), [b"a"]])
def test_case_94_what_is_not_bytes_is_refused_when_it_is_given(reaches_out, runtime, content, healthy):
    """A device, a pipe or a directory can then be no file of a package: nothing is opened, at any time."""
    with pytest.raises(ConfigError, match=r"files: expected bytes .* under `folder/x`"):
        runtime.load(reaches_out, grants=GRANTS, files={"folder/x": content})
    healthy()


@pytest.mark.parametrize("path", [1, None, b"bytes", Path("a.txt")])
def test_case_94_a_path_that_is_not_text_is_refused(reaches_out, runtime, path):
    with pytest.raises(ConfigError, match=r"files: "):
        runtime.load(reaches_out, grants=GRANTS, files={path: b""})


def test_case_95_what_happens_to_the_given_files_later_changes_nothing(reaches_out, runtime, secret, healthy):
    given = dict(FILES)
    plugin = runtime.load(reaches_out, grants=GRANTS, files=given)
    over = threading.Event()

    def swap():
        while not over.is_set():
            given["a.txt"] = secret.read_bytes()
            given["other"] = b""
            given.clear()

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        answers = [plugin.call("reach", str(secret)) for _ in range(50)]
    finally:
        over.set()
        thread.join()
    assert {answer["read"] for answer in answers} == {FILES["a.txt"]}
    assert {tuple(answer["listed"]) for answer in answers} == {(".", "..", "a.txt", "folder")}
    healthy()


TWINS = {
    "a.txt": b"0",
    "A.txt": b"1",
    "A.TXT": b"2",
    "\u00e9": b"3",
    "e\u0301": b"4",
    "CON": b"5",
    "nul.txt": b"6",
    "a:ads": b"7",
}


def test_case_97_names_that_other_systems_take_for_one_stay_apart(reaches_out, runtime):
    """Files of a package never meet a file system, so that a name is its bytes and nothing else."""
    answer = runtime.load(reaches_out, grants=GRANTS, files=TWINS).call("reach", "/")
    assert answer["read"] == b"0"
    assert sorted(answer["listed"][2:]) == sorted(TWINS)


@pytest.mark.parametrize("path", ["../a", "/a", "a/../../b", "a//b", "./a", "a\0b", "", "a/", "\ud800"])
def test_case_97_a_path_that_leads_elsewhere_is_refused_with_its_package(reaches_out, runtime, path, healthy):
    with pytest.raises(PackageError) as refused:
        runtime.load(reaches_out, grants=GRANTS, files={path: b"", "a.txt": b""})
    assert refused.value.code == "bad_path"
    assert refused.value.message.isprintable()
    healthy()
