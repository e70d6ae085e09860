import pytest

from wardian.errors import BuildError
from wardian.toolchain import quickjs


def test_entry_points_and_imports_are_declared_in_their_order():
    text = quickjs.declarations(["greet", "plugin_open"], ["log", "app.lookup"])
    assert 'WARDIAN_ENTRY(1, "plugin_open")' in text
    assert 'WARDIAN_IMPORT("wardian", "log", wardian_import_0)' in text
    assert 'WARDIAN_IMPORT("app", "lookup", wardian_import_1)' in text
    assert '{"app.lookup", wardian_import_1}' in text


@pytest.mark.parametrize("name", ['a"b', "", "a\nb", "1a", "a b"])
def test_a_name_that_would_be_something_else_in_c_is_refused(name):
    for entries, imports in (([name], []), ([], [name])):
        with pytest.raises(BuildError):
            quickjs.declarations(entries, imports)


def test_sources_are_named_by_version_and_hash():
    assert quickjs.UPSTREAM.package.count("==") == 1
    assert len(bytes.fromhex(quickjs.UPSTREAM.sha256)) == 32
