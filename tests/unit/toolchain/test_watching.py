import os

import pytest

from wardian.toolchain import watching


class EndedError(Exception):
    pass


def test_a_look_sees_what_an_author_writes_and_nothing_that_tools_write(tmp_path):
    seen = ("a.c", "src/b.c", "plugin.yaml")
    for name in (*seen, "a.wasm", ".git/x", "target/x", "node_modules/x/y.js", ".a.c.swp", "src/__pycache__/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert {each.relative_to(tmp_path).as_posix() for each in watching.look([tmp_path])} == set(seen)


def test_a_file_can_be_named_by_itself_also_before_it_is_there(tmp_path):
    path = tmp_path / "input.json"
    assert watching.look([path]) == {}
    path.touch()
    assert list(watching.look([path])) == [path]


def test_what_came_went_or_was_written_has_changed(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).touch()
    before = watching.look([tmp_path])
    assert watching.changed(before, watching.look([tmp_path])) == []
    (tmp_path / "a").unlink()
    (tmp_path / "b").write_text("more")
    os.utime(tmp_path / "c", ns=(1, 1))
    (tmp_path / "d").touch()
    assert [each.name for each in watching.changed(before, watching.look([tmp_path]))] == ["a", "b", "c", "d"]


def test_a_change_made_while_nobody_looked_counts_at_once(tmp_path):
    before = watching.look([tmp_path])
    (tmp_path / "a").touch()
    pauses = []
    after = watching.wait([tmp_path], before, pause=pauses.append)
    assert [each.name for each in watching.changed(before, after)] == ["a"]
    assert len(pauses) <= 1


def test_who_writes_a_file_in_parts_is_waited_for(tmp_path):
    steps = iter(["", "first", "first, second", "all", None, None])

    def pause(_seconds):
        text = next(steps)
        if text is not None:
            (tmp_path / "a").write_text(text)

    before = watching.look([tmp_path])
    watching.wait([tmp_path], before, pause=pause)
    assert (tmp_path / "a").read_text() == "all"


def test_what_the_pause_raises_ends_the_waiting(tmp_path):
    def pause(_seconds):
        raise EndedError

    with pytest.raises(EndedError):
        watching.wait([tmp_path], watching.look([tmp_path]), pause=pause)
