import ast
import atexit
import struct
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import wasmtime
from hypothesis import given, settings
from hypothesis import strategies as st

import wardian.sandbox
from wardian.errors import AbiViolation, DeadlineExceeded, PackageError, Trap
from wardian.policy import Limits
from wardian.sandbox import wasi
from wardian.sandbox.compiler import Compiler
from wardian.sandbox.engine import Engines, Settings
from wardian.sandbox.prepared import Prepared
from wardian.sandbox.ticker import Ticker
from wardian.sandbox.wasi_errno import Errno

GUESTS = Path(__file__).parents[2] / "guests"
OFFERED = wasi.functions()
SIZE = 2 * 65_536  # bytes of memory of the guest below


def forwarder():
    """The text of a guest that exports each WASI function under its own name, with its arguments at address 0."""
    imports, exports = [], []
    for (module, name), each in OFFERED.items():
        params = f"(param {' '.join(each.params)})" if each.params else ""
        result = "(result i32)" if each.results else ""
        imports.append(f'(import "{module}" "{name}" (func ${name} {params} {result}))')
        loads = " ".join(f"({kind}.load (i32.const {8 * index}))" for index, kind in enumerate(each.params))
        exports.append(f'(func (export "{name}") {result} (call ${name} {loads}))')
    return f'(module {" ".join(imports)} (memory (export "memory") 2) {" ".join(exports)})'


@cache
def compiled(text, limits):
    engine = Engines().get(Settings(), limits.stack)
    wasm = wasmtime.wat2wasm(text) if isinstance(text, str) else text
    return engine, Compiler(None).compile(bytes(wasm), engine, limits)


# The engine's objects cannot be freed any more once the interpreter takes its modules apart.
atexit.register(compiled.cache_clear)


class Guest:
    """An instance of a guest, the forwarder by default, and its WASI; keeps the lines that it logs."""

    def __init__(self, text=None, *, limits=None, log_line=None, **world):
        limits = limits or Limits(memory="256MiB", deadline="10s")
        engine, module = compiled(text or forwarder(), limits)
        self.lines = []
        self.ticker = Ticker()
        try:
            self.instance, _ = Prepared(module, engine, self.ticker, OFFERED).instantiate(limits, 5)
        except BaseException:
            self.ticker.close()
            raise
        self.world = wasi.World(log_line or self._keep, **world)
        self.instance.context = SimpleNamespace(wasi=self.world)
        self.seconds = limits.deadline

    def _keep(self, _call, level, text):
        self.lines.append((level, text))

    def run(self, name="run"):
        """Call an export, as one call with its deadline; gives its result as it is."""
        self.call = self.instance.begin(0)
        self.call.deadline_at = time.monotonic_ns() + int(self.seconds * 1e9)
        try:
            return self.instance.run(self.call, self.instance.function(name))
        finally:
            self.world.finish(self.call)

    def ask(self, name, *arguments):
        """Call a WASI function through the forwarder; gives its `errno`."""
        self.put(0, b"".join((each % 2**64).to_bytes(8, "little") for each in arguments))
        return self.run(name) & 0xFFFFFFFF

    def put(self, at, data):
        self.instance.memory.write(at, data)

    def get(self, at, length):
        return self.instance.memory.read(at, length)

    def number(self, at, length=4):
        return int.from_bytes(self.get(at, length), "little")

    def vectors(self, at, *vectors):
        """Put an `iovec_array`; gives its address and how many they are."""
        self.put(at, b"".join(struct.pack("<II", *each) for each in vectors))
        return at, len(vectors)

    def write(self, fd, data):
        """Write through one buffer; gives the `errno` and how much was written."""
        self.put(65_536, data)
        errno = self.ask("fd_write", fd, *self.vectors(256, (65_536, len(data))), 300)
        return errno, self.number(300)

    def read(self, fd, length):
        """Read into one buffer; gives the `errno` and the bytes."""
        errno = self.ask("fd_read", fd, *self.vectors(256, (65_536, length)), 300)
        return errno, (b"" if errno else self.get(65_536, self.number(300)))

    def open(self, path, *, fd=3, oflags=0, rights=2, fdflags=0):
        """Open a path; gives the `errno` and the number."""
        encoded = path if isinstance(path, bytes) else path.encode()
        self.put(1024, encoded)
        errno = self.ask("path_open", fd, 0, 1024, len(encoded), oflags, rights, 0, fdflags, 300)
        return errno, self.number(300)

    def __enter__(self):
        return self

    def __exit__(self, *_raised):
        self.instance.close()
        self.ticker.close()


def timed(function):
    """What the function gave or raised, and how many seconds it took."""
    began = time.monotonic()
    try:
        result = function()
    except Exception as raised:  # noqa: BLE001 - the caller looks at it
        result = raised
    return result, time.monotonic() - began


def test_all_46_functions_of_preview_1_are_offered():
    assert len(OFFERED) == 46
    assert {module for module, _ in OFFERED} == {"wasi_snapshot_preview1"}


def test_the_types_are_those_of_the_engines_own_wasi():
    engine = wasmtime.Engine()
    linker, store = wasmtime.Linker(engine), wasmtime.Store(engine)
    linker.define_wasi()
    store.set_wasi(wasmtime.WasiConfig())
    linker.instantiate(store, wasmtime.Module(engine, forwarder()))


def test_an_import_of_another_type_is_refused_before_it_runs():
    declared = '(import "wasi_snapshot_preview1" "fd_seek" (func (param i32 i32 i32 i32) (result i32)))'
    text = f'(module {declared} (memory (export "memory") 1))'
    with pytest.raises(PackageError, match="fd_seek"):
        Guest(text)


def test_a_guest_that_asks_in_its_start_section_is_refused():
    with pytest.raises(AbiViolation) as caught:
        Guest((GUESTS / "wasi_starts.wat").read_text())
    assert caught.value.code == "not_ready"


def test_no_function_touches_the_file_system_of_the_host():
    folder = Path(wardian.sandbox.__file__).parent
    imported = set()
    for source in folder.glob("wasi*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Import):
                imported |= {each.name for each in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module)
    standard = {name for name in imported if name.split(".")[0] != "wardian"}
    assert standard == {
        "__future__", "collections.abc", "dataclasses", "enum", "hashlib", "os", "struct", "time", "typing"
    }  # fmt: skip
    uses_os = [source for source in folder.glob("wasi*.py") if "os." in source.read_text()]
    assert [source.name for source in uses_os] == ["wasi_random.py"]


WITH_POINTERS = {
    "args_sizes_get": (SIZE - 4, SIZE - 3),
    "clock_res_get": (0, SIZE - 7),
    "clock_time_get": (1, 0, SIZE - 7),
    "fd_fdstat_get": (1, SIZE - 23),
    "fd_filestat_get": (1, SIZE - 63),
    "fd_prestat_get": (3, SIZE - 7),
    "fd_prestat_dir_name": (3, SIZE - 7, 8),
    "fd_read": (0, SIZE - 7, 1, 64),
    "fd_readdir": (3, SIZE - 9, 10, 0, 64),
    "fd_write": (1, 2**32 - 8, 1, 64),
    "path_filestat_get": (3, 0, 2**32 - 1, 1, 64),
    "poll_oneoff": (SIZE - 47, 64, 1, 128),
    "random_get": (2**32 - 1, 2),
}


@pytest.mark.parametrize(("name", "arguments"), WITH_POINTERS.items(), ids=WITH_POINTERS)
def test_a_pointer_outside_the_memory_is_a_fault_and_the_guest_goes_on(name, arguments):
    with Guest(package=wasi.Package({"a": b"a"})) as guest:
        end = guest.get(SIZE - 64, 64)
        assert guest.ask(name, *arguments) == Errno.FAULT
        assert guest.get(SIZE - 64, 64) == end
        assert guest.ask("sched_yield") == 0


def test_a_fault_has_no_effect():
    with Guest(package=wasi.Package({"a": b"a"}), stdin=b"input") as guest:
        guest.put(1024, b"a\n")
        for result in (SIZE - 3, 2**32 - 1):
            assert guest.ask("fd_write", 1, *guest.vectors(256, (1024, 2)), result) == Errno.FAULT
            assert guest.ask("fd_read", 0, *guest.vectors(256, (1024, 2)), result) == Errno.FAULT
            assert guest.ask("path_open", 3, 0, 1024, 1, 0, 2, 0, 0, result) == Errno.FAULT
        assert guest.lines == []
        assert guest.read(0, 100) == (0, b"input")
        assert set(guest.world.descriptors) == {0, 1, 2, 3}


EDGES = [0, 1, 2, 3, 4, 5, 64, SIZE - 8, SIZE - 1, SIZE, 2**31 - 1, 2**31, 2**32 - 8, 2**32 - 1, 2**63, 2**64 - 1]
INTEGERS = st.sampled_from(EDGES) | st.integers(0, SIZE) | st.integers(0, 2**64 - 1)


@pytest.mark.parametrize("name", [name for _, name in OFFERED])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_whatever_the_arguments_the_answer_is_a_number_of_the_standard_or_the_end_of_the_call(name, data):
    arguments = data.draw(st.lists(INTEGERS, min_size=9, max_size=9))
    found = data.draw(st.binary(max_size=256))
    with Guest(package=wasi.Package({"a": b"a", "d/b": b"bb"}), stdin=b"in", log_line=lambda *_: None) as guest:
        guest.seconds = 0.02 if name == "poll_oneoff" else 10.0
        guest.put(128, found)
        try:
            answer = guest.ask(name, *arguments)
        except Trap as trap:
            ended = ("proc_exit", trap.exit_code)
        except DeadlineExceeded:
            ended = ("poll_oneoff", None)
        else:
            ended = None
            assert answer in {0, *Errno}
            assert len(guest.world.descriptors) <= 5
            assert guest.ask("sched_yield") == 0
        assert ended in {None, ("proc_exit", arguments[0] % 2**32), ("poll_oneoff", None)}
        assert ended is None or ended[0] == name


PROGRAM = r"""
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
int main(int argc, char **argv) {
  char line[100];
  printf("arguments %d, PATH %s\n", argc, getenv("PATH") ? "set" : "unset");
  while (fgets(line, sizeof line, stdin)) printf("read %s", line);
  FILE *file = fopen("/package/folder/a.txt", "r");
  fseek(file, 6, SEEK_SET);
  printf("file %s", fgets(line, sizeof line, file));
  fclose(file);
  DIR *folder = opendir("/package");
  for (struct dirent *entry; (entry = readdir(folder));) printf("entry %s\n", entry->d_name);
  closedir(folder);
  const char *modes[] = {"w", "r+", "a", "wx"};
  for (int i = 0; i < 4; i++)
    printf("mode %s %s\n", modes[i], fopen("/package/b", modes[i]) ? "opened" : strerror(errno));
  printf("outside %s\n", fopen("/package/../secret", "r") ? "opened" : strerror(errno));
  printf("elsewhere %s\n", fopen("/etc/passwd", "r") ? "opened" : strerror(errno));
  unsigned seed[2] = {0, 0};
  printf("entropy %d %d\n", getentropy(seed, sizeof seed), seed[0] != seed[1]);
  printf("time %lld\n", (long long)time(0));
  struct timespec before, after;
  clock_gettime(CLOCK_MONOTONIC, &before);
  usleep(30000);
  clock_gettime(CLOCK_MONOTONIC, &after);
  printf("slept %lld\n", (after.tv_sec - before.tv_sec) * 1000LL + (after.tv_nsec - before.tv_nsec) / 1000000);
  fprintf(stderr, "to standard error");
  return 7;
}
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    folder = tmp_path_factory.mktemp("program")
    (folder / "program.c").write_text(PROGRAM)
    command = [sys.executable, "-m", "ziglang", "cc", "--target=wasm32-wasi", "-O1", "program.c", "-o", "program.wasm"]
    subprocess.run(command, cwd=folder, check=True, timeout=300)
    return (folder / "program.wasm").read_bytes()


def run_program(program, **world):
    files = wasi.Package({"folder/a.txt": b"hello world\n", "b": b"b"})
    with Guest(program, package=files, stdin=b"one\ntwo\n", **world) as guest:
        with pytest.raises(Trap) as caught:
            guest.run("_start")
        return caught.value, guest.lines, guest.world.reply().decode()


EXPECTED = """\
arguments 0, PATH unset
read one
read two
file world
entry .
entry ..
entry b
entry folder
mode w Read-only file system
mode r+ Read-only file system
mode a Read-only file system
mode wx File exists
outside Capabilities insufficient
elsewhere No such file or directory
entropy 0 1
time 0
slept 30
"""


def test_a_c_program_finds_its_input_its_package_and_nothing_of_the_host(program):
    trap, lines, reply = run_program(program, reply_limit=10_000)
    assert reply == EXPECTED
    assert lines == [(3, "to standard error")]
    assert (trap.code, trap.exit_code) == ("guest_exit", 7)


def test_a_c_program_without_a_reply_logs_its_output(program):
    _, lines, reply = run_program(program)
    assert lines == [(2, line) for line in EXPECTED.splitlines()] + [(3, "to standard error")]
    assert reply == ""


def test_a_c_program_knows_the_time_when_it_is_granted(program):
    before = int(time.time())
    reply = run_program(program, reply_limit=10_000, clock=True, random=True)[2].splitlines()
    assert before <= int(reply[-2].removeprefix("time ")) <= int(time.time())
    assert 29 <= int(reply[-1].removeprefix("slept ")) < 1000
