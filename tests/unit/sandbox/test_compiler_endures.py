"""A compiler that is asked again and again: what it remembers, what it lets go, what its child may say."""

import errno
import gc
import os
import signal
import subprocess
import sys
import threading
import weakref
from types import SimpleNamespace

import pytest

from support.bombs import many_values
from support.wat import wasm_of
from wardian.errors import LimitExceeded, PackageError, WardianError
from wardian.policy import Limits
from wardian.sandbox import compiler as compiling
from wardian.sandbox.artefacts import Artefacts
from wardian.sandbox.compile_child import NO_MEMORY
from wardian.sandbox.compiler import Compiler
from wardian.sandbox.engine import Engines, Settings

LIMITS = Limits()
BUDGET = compiling._Budget.of(LIMITS)
GOOD = wasm_of("(module)")
BAD = wasm_of("(module)") + b"\x03\x02\x01\x00"  # a function without code


@pytest.fixture(scope="module")
def engine():
    return Engines().get(Settings(), LIMITS.stack)


@pytest.fixture
def children(monkeypatch):
    """How often a child was started, without starting any: the compiler works in this process."""
    started = []
    real = Compiler._in_child

    def counted(self, order, source, budget):
        started.append(source)
        return real(self, order, source, budget)

    monkeypatch.setattr(Compiler, "_in_child", counted)
    return started


@pytest.mark.parametrize("cached", [False, True])
def test_threads_that_ask_at_once_share_one_compile_with_a_cache_or_without(
    engine, children, monkeypatch, tmp_path, cached
):
    compiler = Compiler(Artefacts(tmp_path / "cache", tmp_path / "key") if cached else None)
    artefact = compiler._in_child({"text": False, "only_text": False, "metered": False}, GOOD, BUDGET)
    children.clear()
    together, slow, found = threading.Barrier(8), threading.Event(), []

    def in_child(_self, _order, source, _budget):
        children.append(source)
        slow.wait(0.2)
        return artefact

    monkeypatch.setattr(Compiler, "_in_child", in_child)

    def ask():
        together.wait()
        found.append(compiler.compile(GOOD, engine, LIMITS).digest)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 8
    assert children == [GOOD]


def test_a_failure_is_told_anew_to_each_who_asks(engine, children):
    """What one caller adds to its error, such as its own path, is not told to the next."""
    compiler, errors = Compiler(None), []
    for where in ("first.wasm", "second.wasm", "third.wasm"):
        with pytest.raises(PackageError) as raised:
            compiler.compile(BAD, engine, LIMITS)
        assert raised.value.where == ""
        raised.value.where = where
        errors.append(raised.value)
    assert len(set(map(id, errors))) == 3
    assert {(type(each), each.message, each.code, each.hint) for each in errors} == {
        (PackageError, errors[0].message, "invalid_module", errors[0].hint)
    }
    assert len(children) == 1


def test_a_failure_for_its_limit_keeps_the_limit(engine, monkeypatch):
    compiler = Compiler(None)

    def in_child(_self, _order, _source, budget):
        raise compiling._too_long(budget)

    monkeypatch.setattr(Compiler, "_in_child", in_child)
    for _ in range(2):
        with pytest.raises(LimitExceeded) as raised:
            compiler.compile(GOOD, engine, LIMITS)
        assert (raised.value.limit, raised.value.value, raised.value.asked) == ("compile_time", 60.0, None)


def test_a_remembered_failure_holds_nothing_of_its_module(engine, monkeypatch):
    """Its traceback would hold the bytes of the module, of up to 32 MiB, a thousand times over."""

    class Held:
        """Lives as long as the frame of the failure."""

    def in_child(_self, _order, _source, budget):
        held = Held()
        watched.append(weakref.ref(held))
        raise compiling._too_long(budget)

    watched = []
    monkeypatch.setattr(Compiler, "_in_child", in_child)
    compiler = Compiler(None)
    for _ in range(2):
        with pytest.raises(LimitExceeded):
            compiler.compile(GOOD, engine, LIMITS)
    gc.collect()
    assert len(compiler._failed) == 1
    assert all(failure.__traceback__ is None for failure in compiler._failed.values())
    assert [watch() for watch in watched] == [None]


def test_it_remembers_at_most_1024_failures_and_nothing_of_what_went_well(engine, monkeypatch):
    def in_child(_self, _order, _source, budget):
        raise compiling._too_long(budget)

    monkeypatch.setattr(Compiler, "_in_child", in_child)
    compiler = Compiler(None)
    for number in range(1_100):
        custom = number.to_bytes(2, "big")
        with pytest.raises(LimitExceeded):
            compiler.compile(GOOD + b"\x00\x04\x01a" + custom, engine, LIMITS)
    assert len(compiler._failed) == 1_024
    assert len(compiler._busy) == 0


ENDS = {
    (0, b"-what"): (PackageError, "invalid_module"),
    (0, b"?what"): (PackageError, "unsupported_feature"),
    (0, b""): (PackageError, "compile_crash"),
    (0, b"*what"): (PackageError, "compile_crash"),
    (1, b""): (PackageError, "compile_crash"),
    (NO_MEMORY, b""): (LimitExceeded, "compile_memory"),
    (-signal.SIGABRT, b""): (LimitExceeded, "compile_memory"),
    (0, b"MemoryError"): (PackageError, "compile_crash"),
    (-signal.SIGXCPU, b""): (LimitExceeded, "compile_time"),
    (-signal.SIGKILL, b""): (compiling._Killed, "compile_crash"),
    (-signal.SIGKILL, b"+part"): (compiling._Killed, "compile_crash"),
    (-signal.SIGTERM, b""): (compiling._Killed, "compile_crash"),
    (-signal.SIGSEGV, b""): (PackageError, "compile_crash"),
    (-signal.SIGILL, b"-what"): (PackageError, "compile_crash"),
    (7, b"-what"): (PackageError, "compile_crash"),
}


@pytest.mark.parametrize(("end", "expected"), ENDS.items(), ids=[f"{status} {said}" for status, said in ENDS])
def test_each_end_of_the_child_is_one_error(end, expected):
    kind, name = expected
    error = compiling._refusal(*end, BUDGET)
    assert type(error) is kind
    assert (error.limit if kind is LimitExceeded else error.code) == name


@pytest.mark.parametrize("said", [b"-" + b"\x1b[31m" * 1000, b"-\xff\xfe\0\r\n", "-\u202e\u2028".encode()])
def test_what_the_child_says_is_printable_and_bounded(said):
    error = compiling._refusal(0, said, BUDGET)
    assert error.message.isprintable()
    assert len(error.message) < 600


def test_a_module_that_is_too_large_or_no_module_starts_no_child(engine, children):
    for wasm, limits in (
        (GOOD + b"\x00\x02\x01a", Limits(module=8)),
        (b"", LIMITS),
        (b"(module)", LIMITS),
        (GOOD + b"\x01\xff", LIMITS),
    ):
        with pytest.raises((PackageError, LimitExceeded)):
            Compiler(None).compile(wasm, engine, limits)
    assert children == []


def test_the_child_gets_no_environment_and_a_session_of_its_own(engine, monkeypatch):
    given = SimpleNamespace()

    class Watched(subprocess.Popen):
        def __init__(self, command, **named):
            given.command, given.named = command, named
            super().__init__(command, **named)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    monkeypatch.setenv("WARDIAN_SECRET", "s3cret")
    Compiler(None).compile(GOOD, engine, LIMITS)
    assert given.command[:2] == [sys.executable, "-I"]
    assert given.named["env"] == {}
    assert given.named["start_new_session"]
    assert given.named["close_fds"]


def test_a_child_that_is_killed_half_way_leaves_no_part_in_the_cache(engine, monkeypatch, tmp_path):
    class Killed(subprocess.Popen):
        def communicate(self, *given, **more):
            self.send_signal(signal.SIGKILL)
            return super().communicate(*given, **more)

    artefacts = Artefacts(tmp_path / "cache", tmp_path / "key")
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", Killed)
        compiler = Compiler(artefacts)
        with pytest.raises(PackageError) as raised:
            compiler.compile(GOOD, engine, LIMITS)
        assert raised.value.code == "compile_crash"
    assert list(artefacts.directory.iterdir()) == []
    compiler.compile(GOOD, engine, LIMITS)  # who killed it says nothing of the module: it is tried again
    assert len(list(artefacts.directory.iterdir())) == 1


def test_one_more_than_may_wait_is_told_to_come_again_and_those_who_wait_have_their_turn(engine, monkeypatch):
    """What is refused so is not remembered: the next to ask may find it compiled."""
    go_on, begun = threading.Event(), threading.Semaphore(0)

    class Slow(subprocess.Popen):
        def communicate(self, *given, **more):
            begun.release()
            assert go_on.wait(60)
            return super().communicate(*given, **more)

    monkeypatch.setattr(subprocess, "Popen", Slow)
    monkeypatch.setattr(compiling, "_WAITING", 3)
    compiler, ended = Compiler(None), []

    def ask(number):
        ended.append(compiler.compile(numbered(number), engine, LIMITS).digest)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(5)]
    try:
        for thread in threads:
            thread.start()
        for _ in range(compiling._CHILDREN):
            assert begun.acquire(timeout=30)
        while compiler._queue._waiting < 3:
            threading.Event().wait(0.005)
        for _ in range(2):
            with pytest.raises(WardianError) as raised:
                compiler.compile(numbered(5), engine, LIMITS)
            assert raised.value.code == "busy"
            assert "again" in raised.value.hint
    finally:
        go_on.set()
        for thread in threads:
            thread.join()
    assert len(set(ended)) == 5
    compiler.compile(numbered(5), engine, LIMITS)
    assert compiler._failed == {}


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.ENOMEM, errno.EMFILE])
def test_a_child_that_cannot_be_started_is_a_typed_error_and_tried_again(engine, monkeypatch, number):
    def fail(*_arguments, **_named):
        raise OSError(number, os.strerror(number))

    compiler = Compiler(None)
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", fail)
        with pytest.raises(WardianError) as raised:
            compiler.compile(GOOD, engine, LIMITS)
        assert raised.value.code == "busy"
        assert os.strerror(number) in raised.value.message
    compiler.compile(GOOD, engine, LIMITS)


def numbered(number):
    """A module that is no other."""
    return GOOD + b"\x00\x03\x01n%c" % number


def test_a_text_that_failed_is_not_parsed_again(children):
    compiler = Compiler(None)
    for _ in range(100):
        with pytest.raises(PackageError):
            compiler.parse_text(b"(module", LIMITS)
    assert len(children) == 1


def test_what_compiles_to_far_more_than_a_toolchain_would_is_refused_by_the_child(engine, monkeypatch):
    """Each two bytes of a call with 64 parameters become a kilobyte, for this process to hold."""
    monkeypatch.setattr(compiling, "_ROOM", 0)
    error = compiling._refusal(0, b"!20000000", BUDGET)
    assert (type(error), error.code) == (PackageError, "too_complex")
    with pytest.raises(PackageError) as raised:
        Compiler(None).compile(many_values(500), engine, LIMITS)
    assert raised.value.code == "too_complex"
