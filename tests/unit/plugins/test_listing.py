"""`wardian.plugins.listing`: what is found, in which order, and what of it is told."""

import pytest

from support.canned import canned
from support.packages import with_package
from wardian import PackageError, Runtime, WardianError
from wardian.plugins.listing import Parameter, listing

SOURCE = {"source_poll": {"records": []}}


def package(**symbol):
    value = {"name": "a/b", "version": "1.0.0", "description": "All of it."}
    return with_package(canned(SOURCE), value | {"symbols": [{"kind": "source", "name": "s"} | symbol]})


@pytest.fixture
def folder(tmp_path):
    def written(**files):
        for name, content in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.wasm"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        return tmp_path

    return written


def only(runtime, *paths):
    (item,) = listing(runtime, paths).items
    return item


def test_a_module_that_describes_nothing_has_the_name_of_its_file_once_for_each_kind(runtime, folder):
    found = listing(runtime, [folder(both=canned({**SOURCE, "sink_write": []}), none=canned({"mine": 1}))])
    assert [(each.kind, each.name, each.package, each.version) for each in found.items] == [
        ("source", "both", "", ""), ("sink", "both", "", ""), ("", "none", "", ""),
    ]  # fmt: skip


def test_files_are_found_at_any_depth_and_each_once_however_often_it_is_named(runtime, folder):
    path = folder(a=package(), deep__b=package())
    (path / "notes.txt").write_text("no plugin")
    (path / "ring").symlink_to(path)
    found = listing(runtime, [path / "a.wasm", path, path])
    assert [each.file for each in found.items] == [str(path / "a.wasm"), str(path / "deep" / "b.wasm")]


def test_a_symbol_may_have_a_description_of_its_own(runtime, folder):
    path = folder(own=package(description="Mine."), none=package())
    assert only(runtime, path / "own.wasm").description == "Mine."
    assert only(runtime, path / "none.wasm").description == "All of it."


def test_parameters_are_those_of_the_schema_and_of_the_defaults(runtime, folder):
    schema = {"properties": {"a": {"description": "first"}, "b": True, "c": {"description": 5}}}
    config = {"schema": schema, "defaults": {"c": None, "d": [1]}, "sections": {"x": {}}}
    item = only(runtime, folder(one=package(config=config)))
    assert item.parameters == (
        Parameter("a", None, has_default=False, description="first"),
        Parameter("b", None, has_default=False, description=""),
        Parameter("c", None, has_default=True, description=""),
        Parameter("d", [1], has_default=True, description=""),
    )
    assert item.sections == ("x",)


def test_a_schema_of_another_shape_says_nothing(runtime, folder):
    assert only(runtime, folder(one=package(config={"schema": {"properties": [1]}}))).parameters == ()


def test_what_is_no_plugin_is_broken_with_its_reason(runtime, folder):
    promises = with_package(canned({"mine": 1}), {"name": "a/b", "version": "1.0.0", "symbols": [
        {"kind": "sink", "name": "s"}]})  # fmt: skip
    found = listing(runtime, [folder(empty=b"", promises=promises)])
    assert found.items == ()
    assert [each.file.rpartition("/")[2] for each in found.broken] == ["empty.wasm", "promises.wasm"]
    assert "needs the export `sink_write`" in found.broken[1].error


def test_a_path_that_leads_nowhere_is_refused(runtime, tmp_path):
    with pytest.raises(PackageError, match="no such file or folder") as caught:
        listing(runtime, [tmp_path / "none"])
    assert caught.value.code == "not_found"


def test_an_empty_folder_has_no_plugins(runtime, tmp_path):
    found = listing(runtime, [tmp_path])
    assert (found.items, found.broken, found.conflicts) == ((), (), ())


def test_what_is_no_fault_of_a_plugin_breaks_the_list_and_not_the_plugin(cache, folder):
    path = folder(one=package())
    runtime = Runtime(cache=cache)
    runtime.close()
    with pytest.raises(WardianError, match="closed"):
        listing(runtime, [path])
