import pytest

import wardian
from support.wat import wasm_of
from wardian.plugins import load as loading
from wardian.policy import Grants, Limits

RIGHT = loading.Request(name="mine")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"config": {"a": 1}}, "config: this plugin takes none"),
        ({"instances": 0}, "instances: expected 1 to 64"),
        ({"instances": 65}, "instances: expected 1 to 64"),
        ({"instances": 3, "limits": Limits(instances=2)}, "instances: expected 1 to 2"),
        ({"functions": {"one": 1}}, "functions: `one` is not callable"),
        ({"files": {"a": b""}}, "files: the plugin may not read its package"),
        ({"name": ""}, "name: expected a printable name"),
        ({"name": "a" * 201}, "name: expected"),
        ({"name": "a\nb"}, "name: expected"),
        ({"name": 1}, "name: expected"),
        ({"instance": "\x1b[31m"}, "instance: expected"),
        ({"instance": "\u202e"}, "instance: expected"),
    ],
)
def test_what_is_asked_for_wrongly_is_named_with_what_is_right(given, problem):
    with pytest.raises(wardian.ConfigError) as raised:
        loading._check_request(loading.Request(**{"name": "mine", **given}), takes_config=False)
    assert len(raised.value.problems) == 1
    assert raised.value.problems[0].startswith(problem)


def test_a_key_of_the_configuration_is_text():
    with pytest.raises(wardian.ConfigError, match="the plugin cannot be loaded so") as raised:
        loading._check_request(loading.Request(name="mine", config={1: 2, "a": 3, None: 4}), takes_config=True)
    assert raised.value.problems == (
        "config: expected text as the key, got 1", "config: expected text as the key, got None",
    )  # fmt: skip


def test_all_that_is_wrong_is_told_at_once():
    request = loading.Request(name="", instance="", instances=0, functions={"one": 1, "two": 2}, files={"a": b""})
    with pytest.raises(wardian.ConfigError) as raised:
        loading._check_request(request, takes_config=False)
    assert len(raised.value.problems) == 6
    assert str(raised.value).count("\n  ") == 6


def test_what_is_right_is_taken():
    loading._check_request(RIGHT, takes_config=False)
    most = loading.Request(
        name="a" * 200, instance="ä b/c", config={"a": None}, instances=64, functions={"f": id}, files={"a": b""},
        grants=Grants(package=True),
    )  # fmt: skip
    loading._check_request(most, takes_config=True)


@pytest.mark.parametrize("broken", [b"", b"text", b"\0asm\x01\0\0\0\xff"])
def test_an_error_says_which_file(runtime, tmp_path, broken):
    path = tmp_path / "mine.wasm"
    path.write_bytes(broken)
    for ask in (runtime.load, runtime.compile):
        with pytest.raises(wardian.PackageError) as raised:
            ask(path)
        assert raised.value.where == str(path)


def test_two_files_of_the_same_broken_module_are_each_named(runtime, tmp_path):
    content = wasm_of("(module)") + b"\x03\x02\x01\x00"
    for name in ("first.wasm", "second.wasm"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(wardian.PackageError) as raised:
            runtime.load(tmp_path / name)
        assert raised.value.where == str(tmp_path / name)


def test_only_what_is_granted_is_made():
    shared = loading.Shared(None, None, None, None, None, None, None)
    names = {"log", "metric", "cancelled", "variables", "wasi"}
    assert set(loading._makers(RIGHT, shared, None, None, None)) == names
    for grant in ("state", "clock", "random", "emit", "vars", "template", "actions", "extensions"):
        request = loading.Request(name="mine", grants=Grants(**{grant: True}))
        assert set(loading._makers(request, shared, None, None, None)) == names | {grant}


def test_the_first_instance_is_opened_at_once_unless_each_call_has_its_own(load):
    opened = []
    functions = {"closed": opened.append}
    with load("opens", functions=functions, config={"a": 1}) as plugin:
        assert "1 of 1 instances, 0 in use" in repr(plugin)
    assert opened == [None]
    with load("opens", functions=functions, config={"a": 1}, fresh=True) as plugin:
        assert "a fresh instance for each call, 0 in use" in repr(plugin)
        assert plugin.call("opened")["config"] == {"a": 1}
    assert len(opened) == 2


def test_a_file_gives_its_name_and_bytes_their_digest(runtime, guest, tmp_path):
    wasm = wasm_of(guest("echoes").read_text())
    path = tmp_path / "my plugin.v2.wasm"
    path.write_bytes(wasm)
    assert runtime.load(path).name == "my plugin.v2"
    assert runtime.load(wasm).name.startswith("sha256-")
    assert runtime.load(guest("echoes")).name == "echoes"
    assert runtime.load(wasm).digest == runtime.load(path).digest
