"""`wardian.engine.directory`: where things lie, and that one process holds them."""

import os
import signal
import subprocess
import sys

import pytest

from wardian.engine.directory import StateDirectory
from wardian.errors import StateError

HOLDS = """
import sys, pathlib
from wardian.engine.directory import StateDirectory
with StateDirectory(pathlib.Path(sys.argv[1])).hold():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def directory(tmp_path):
    return StateDirectory(tmp_path / "state")


@pytest.fixture
def other(directory):
    """Another process that holds the directory."""
    words = [sys.executable, "-c", HOLDS, str(directory.path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


class TestLayout:
    def test_it_lies_beside_the_configuration(self, tmp_path):
        assert StateDirectory.beside(tmp_path / "wardian.yaml").path == tmp_path / ".wardian"

    def test_to_ask_for_a_path_makes_nothing(self, directory):
        assert directory.pipeline("a") == directory.path / "pipelines" / "a.db"
        assert directory.shared.parent == directory.lock.parent == directory.control.parent == directory.path
        assert (directory.pipelines(), directory.holder()) == ([], None)
        assert not directory.path.exists()

    def test_it_is_its_owners_alone(self, directory):
        mask = os.umask(0)
        try:
            directory.hold().close()
        finally:
            os.umask(mask)
        assert directory.path.stat().st_mode & 0o777 == 0o700
        assert directory.lock.stat().st_mode & 0o777 == 0o600


class TestHolding:
    def test_case_26_a_second_process_is_refused_with_the_number_of_the_first(self, directory, other):
        with pytest.raises(StateError, match=f"the process {other.pid} runs pipelines") as caught:
            directory.hold()
        assert caught.value.code == "state_in_use"
        assert str(directory.path) in caught.value.where
        assert directory.holder() == other.pid

    def test_a_process_that_is_killed_lets_go(self, directory, other):
        other.send_signal(signal.SIGKILL)
        other.wait(60)
        assert directory.holder() is None
        with directory.hold():
            assert directory.holder() == os.getpid()
        assert directory.holder() is None

    def test_the_same_process_is_refused_as_well(self, directory):
        with directory.hold() as held, pytest.raises(StateError, match=f"the process {os.getpid()} "):
            directory.hold()
        held.close()
        directory.hold().close()

    def test_a_number_that_cannot_be_read_is_not_made_up(self, directory, other):
        directory.lock.write_text("garbage")
        with pytest.raises(StateError, match="another process runs pipelines"):
            directory.hold()
        assert directory.holder() == 0

    def test_a_lock_that_leads_elsewhere_is_not_followed(self, directory, tmp_path):
        (tmp_path / "elsewhere").write_text("precious")
        directory.hold().close()
        directory.lock.unlink()
        directory.lock.symlink_to(tmp_path / "elsewhere")
        with pytest.raises(StateError):
            directory.hold()
        assert (tmp_path / "elsewhere").read_text() == "precious"

    def test_a_file_in_the_place_of_the_directory_is_told(self, directory):
        directory.path.write_text("")
        with pytest.raises(StateError, match="cannot be used") as caught:
            directory.hold()
        assert caught.value.code == "state_error"


class TestOrphans:
    @pytest.fixture(autouse=True)
    def _files(self, directory):
        with directory.hold():
            pass
        for name in ("a.db", "a.db-wal", "a.db-shm", "a.db-lock", "b.db", "b.db-wal", "notes.txt"):
            (directory.path / "pipelines" / name).write_text(name)

    def test_files_of_pipelines_that_are_not_known_are_orphans(self, directory):
        assert directory.pipelines() == ["a", "b"]
        assert directory.orphans({"b", "c"}) == ["a"]

    def test_what_is_forgotten_is_gone_with_all_that_lies_beside_it(self, directory):
        assert directory.forget("a")
        left = sorted(each.name for each in (directory.path / "pipelines").iterdir())
        assert left == ["b.db", "b.db-wal", "notes.txt"]
        assert not directory.forget("a")

    def test_what_cannot_be_forgotten_is_told(self, directory):
        directory.pipeline("b").unlink()
        directory.pipeline("b").mkdir()
        with pytest.raises(StateError, match="cannot be used"):
            directory.forget("b")
