import pytest

from support.canned import canned
from wardian.cli import using
from wardian.cli.usage import Usage


@pytest.fixture
def guest(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    symbol = {"kind": "extension", "name": "one", "config": {"sections": {"ext": {"b": 2}}}}
    (tmp_path / "guest.wasm").write_bytes(canned({"plugin_open": None, "extension_call": 5}, symbol))
    return "guest.wasm"


def test_a_plugin_is_used_as_its_kind_with_what_was_chosen(guest, tmp_path):
    (tmp_path / "config.yaml").write_text("a: 1\nb: 1\n")
    seen = []

    def work(used, ended):
        seen.append((used.config, used.instance, used("m"), ended.is_set()))
        return 7

    chosen = using.Chosen(plugin=guest, section="ext", config="config.yaml", set_=("c=3",), instance="mine", name="n")
    assert using.use("extension", chosen, work) == 7
    assert seen == [({"a": 1, "b": 1, "c": 3}, "mine", 5, False)]


def test_what_is_wrong_on_the_command_line_is_said_before_anything_is_loaded():
    with pytest.raises(Usage):
        using.use("extension", using.Chosen(plugin="nowhere.wasm", limit=("memroy=1",)), lambda *_: 0)


def test_work_that_was_ended_while_it_was_loaded_does_not_begin(guest):
    run = using._Run("extension", using.Chosen(plugin=guest), {}, using.options.limits(()), using.options.grants(()),
                     lambda *_: 0, {})  # fmt: skip
    run.end()
    with pytest.raises(KeyboardInterrupt):
        run.work()


def test_a_state_file_has_its_place(monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", "/nowhere")
    assert using.state_path(None) == "/nowhere/wardian/state.sqlite"
    assert using.state_path(":memory:") is None
    assert using.state_path("mine.sqlite") == "mine.sqlite"
