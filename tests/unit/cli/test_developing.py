import pytest

from support.authors import SOURCE, begun
from wardian.cli.developing import Asked, Loop


@pytest.fixture
def loop(tmp_path, monkeypatch):
    """A loop that does one thing after another instead of waiting, and ends with the last."""

    def made(*changes, **asked):
        monkeypatch.chdir(begun(tmp_path))
        made = Loop(Asked(**asked))
        steps = iter(changes)

        def pause(_seconds):
            step = next(steps, None)
            if step is None:
                made.end()
                raise KeyboardInterrupt
            step()

        monkeypatch.setattr(Loop, "_pause", lambda self, seconds: pause(seconds))
        with pytest.raises(KeyboardInterrupt):
            made.work()

    return made


def nothing():
    pass


def write(tmp_path, name, text):
    return lambda: (tmp_path / name).write_text(text)


def test_cases_are_run_with_each_build(loop, tmp_path, capsys):
    loop(write(tmp_path, "greet.wat", SOURCE.replace("Hi", "Ho")), nothing)
    shown = capsys.readouterr()
    assert shown.out.count("\n2 cases passed") == 1
    assert shown.out.count("0 of 2 cases passed") == 1
    assert shown.err.count("built ") == 2
    assert "greet.wat changed" in shown.err


def test_other_cases_need_no_other_build(loop, tmp_path, capsys):
    loop(write(tmp_path, "cases.yaml", "cases: [{name: one, entry: action_call}]"), nothing)
    shown = capsys.readouterr()
    assert "1 case passed" in shown.out
    assert shown.err.count("built ") == 1


def test_an_entry_point_is_called_with_its_input(loop, tmp_path, capsys):
    (tmp_path / "in.json").write_text('{"params": 1, "vars": {}}')
    loop(write(tmp_path, "in.json", "oops"), nothing, entry="action_call", input_="in.json")
    shown = capsys.readouterr()
    assert shown.out == '"Hi"\n'
    assert "wall-clock time" in shown.err
    assert "error: this is no JSON" in shown.err
    assert shown.err.count("built ") == 1


def test_what_cannot_be_built_leaves_the_former_build_and_can_be_mended(loop, tmp_path, capsys):
    broken = write(tmp_path, "greet.wat", "(module (oops))")
    mended = write(tmp_path, "greet.wat", SOURCE.replace("Hi", "Ho"))
    loop(broken, nothing, mended, nothing, entry="action_call")
    shown = capsys.readouterr()
    assert shown.out == '"Hi"\n"Ho"\n'
    assert "error: the text cannot be read" in shown.err
    assert "the former build goes on" in shown.err


def test_a_plugin_that_never_built_can_be_mended_as_well(loop, tmp_path, capsys):
    loop(write(tmp_path, "plugin.yaml", "name: Greet"), nothing)
    assert "this description of a plugin is wrong" in capsys.readouterr().err


def test_a_folder_without_cases_says_so(loop, tmp_path, capsys):
    loop((tmp_path / "cases.yaml").unlink, nothing)
    assert "there is no cases.yaml to run" in capsys.readouterr().err
