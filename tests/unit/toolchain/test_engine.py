import hashlib
import io
import tarfile

import pytest

from wardian.errors import BuildError
from wardian.toolchain import engine
from wardian.toolchain.workshop import Workshop


@pytest.fixture
def workshop(tmp_path):
    for name in ("work", "cache"):
        (tmp_path / name).mkdir()
    return Workshop(tmp_path / "work", tmp_path / "cache")


def test_an_engine_is_made_once_and_again_when_something_it_depends_on_changes(workshop, tmp_path):
    source, made = tmp_path / "a.c", []

    def make(making, folder):
        made.append(making)
        (folder / "a.o").write_text(source.read_text())

    source.write_text("one")
    first = engine.kept("lua", ["flags", source], workshop, make)
    assert engine.kept("lua", ["flags", source], workshop, make) == first
    assert (first / "a.o").read_text() == "one"
    source.write_text("two")
    second = engine.kept("lua", ["flags", source], workshop, make)
    third = engine.kept("lua", ["other flags", source], workshop, make)
    assert len({first, second, third}) == len(made) == 3
    assert [each for each in (workshop.cache / "lua").iterdir() if each.name.startswith(".")] == []


def test_an_engine_that_cannot_be_made_leaves_nothing(workshop):
    def fail(_making, folder):
        (folder / "half.o").write_text("")
        raise BuildError("no")

    with pytest.raises(BuildError):
        engine.kept("lua", [], workshop, fail)
    assert list((workshop.cache / "lua").iterdir()) == []


def test_of_two_builds_that_make_it_at_once_both_have_it(workshop):
    def make(_making, folder):
        if not nested:
            nested.append(True)
            engine.kept("lua", [], workshop, make)
        (folder / "a.o").write_text("")

    nested = []
    assert (engine.kept("lua", [], workshop, make) / "a.o").is_file()


def test_an_archive_that_is_not_the_one_that_was_meant_is_not_read(workshop, tmp_path):
    wrong = engine.Upstream("six==1.17.0", hashlib.sha256(b"another").hexdigest())
    with pytest.raises(BuildError) as caught:
        engine.fetch(wrong, "six-1.17.0", workshop.folder, workshop)
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in str(caught.value)


def test_what_stands_outside_of_the_folder_that_is_wanted_stays_in_the_archive(workshop, monkeypatch):
    def run(command, **_more):
        with tarfile.open(workshop.folder / "a.tar.gz", "w:gz") as packed:
            for name in ("a-1/src/one.c", "a-1/src-other/two.c", "a-1/setup.py", "a-1/src/../../up.c"):
                packed.addfile(tarfile.TarInfo(name), io.BytesIO())
            link = tarfile.TarInfo("a-1/src/link.c")
            link.type, link.linkname = tarfile.SYMTYPE, "one.c"
            packed.addfile(link)
        assert "a==1 --hash=sha256:00" in (workshop.folder / "requirements.txt").read_text()

    monkeypatch.setattr(workshop, "run", run)
    folder = engine.fetch(engine.Upstream("a==1", "00"), "a-1/src", workshop.folder, workshop)
    assert [each.name for each in folder.iterdir()] == ["one.c"]
    assert sorted(each.name for each in (workshop.folder / "a-1").iterdir()) == ["src"]
    assert not (workshop.folder / "up.c").exists()


@pytest.mark.parametrize("name", ["", "a b", 'a"', "1a", "ä"])
def test_a_name_that_c_could_read_as_something_else_is_refused(name):
    assert engine.names_of_c(["greet", "state.get", "$x"]) == ['"greet"', '"state.get"', '"$x"']
    with pytest.raises(BuildError, match="cannot be the name"):
        engine.names_of_c([name])


def test_functions_of_the_application_are_told_from_those_of_the_host():
    assert engine.imported("app.look-up") == ("app", "look-up")
    assert engine.imported("state_get") == ("wardian", "state_get")
