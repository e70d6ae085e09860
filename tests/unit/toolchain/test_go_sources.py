import pytest

from wardian.errors import BuildError
from wardian.toolchain.go_sources import Names, generated, names
from wardian.toolchain.project import find

MANIFEST = """\
name: acme/tiny
version: 0.1.0
symbols: [{{kind: {kind}, name: tiny}}]
build: {{language: go{more}}}
"""
HEAD = 'package main\n\nimport (\n\t"wardian.dev/wardian"\n\t"wardian.dev/wardian/app"\n)\n\n'


@pytest.fixture
def found(tmp_path):
    """What is found in these sources, by the names of their files."""

    def look(source="", more="", kind="extension", **others):
        (tmp_path / "plugin.yaml").write_text(MANIFEST.format(kind=kind, more=more))
        (tmp_path / "main.go").write_text(source if source.startswith("package") else HEAD + source)
        for name, text in others.items():
            (tmp_path / f"{name}.go").write_text(text)
        return names(tmp_path, find(tmp_path))

    return look


def test_entry_points_are_those_that_are_handled(found):
    source = (
        'wardian.Handle("a", a)\nwardian.Handle(\n\t"b_2",\n\tb)\nwardian . Handle[In, map[string]any]("c.d-e", c)\n'
    )
    assert found(source).exports == ("a", "b_2", "c.d-e")


def test_what_stands_in_comments_and_texts_is_no_call(found):
    source = '// wardian.Handle("a", a)\n/* wardian.Handle("b", b) */\nx := `wardian.Handle("c", c)`\n'
    more = 'y := \'"\'\nz := "// \\" no comment"; wardian.Handle("d", d)\n'
    assert "d" in found(source + more).exports
    assert not {"a", "b"} & set(found(source + more).exports)


def test_the_library_may_be_called_otherwise_and_functions_of_others_are_not_its_own(found):
    imported = 'package main\nimport w "wardian.dev/wardian"\nimport "net/http"\n'
    assert found(imported + 'w.Handle("a", a)\nhttp.Handle("/b", b)\nwardian.Handle("c", c)\n').exports == ("a",)
    assert found('package main\nimport . "wardian.dev/wardian"\nfunc main() { Handle("a", a) }\n').exports == ("a",)
    assert found('package main\nimport "wardian.dev/wardian"\nfunc main() { wardian.Handle("a", a) }\n').exports == (
        "a",
    )
    assert found('package main\nfunc main() { wardian.Handle("a", a) }\n').exports == ()


@pytest.mark.parametrize(
    ("kind", "method", "always", "more"),
    [
        ("Source", "Receive", {"source_poll"}, "source_request"),
        ("Action", "Cancel", {"action_call"}, "action_cancel"),
        ("Function", "Validate", {"function_call"}, "function_validate"),
        ("Aggregator", "Reset", {"aggregator_add", "aggregator_flush"}, "aggregator_reset"),
        ("Sink", "Flush", {"sink_write"}, "sink_flush"),
        ("Processor", "Open", {"processor_process"}, "plugin_open"),
        ("Lookup", "Check", {"lookup_rows"}, "plugin_check"),
        ("Extension", "Close", {"extension_call"}, "plugin_close"),
    ],
)
def test_a_kind_has_the_entry_points_of_its_methods(found, kind, method, always, more):
    assert set(found(f"wardian.Serve{kind}(x)\n").exports) == always
    with_method = (
        f"wardian.Serve{kind}[A, B](x)\nfunc (p *plugin) {method}(ctx context.Context) error {{ return nil }}\n"
    )
    assert set(found(with_method).exports) == {*always, more}
    assert set(found(f"func {method}() {{}}\nwardian.Serve{kind}(x)\n").exports) == always


def test_the_kinds_of_the_description_are_there_wherever_they_are_served(found):
    assert found("wherever.Serve(x)\n", kind="sink").exports == ("sink_write",)


def test_hooks_of_plugins_of_no_kind_are_entry_points(found):
    assert found("wardian.OnOpen(o)\nwardian.OnClose(c)\n").exports == ("plugin_open", "plugin_close")
    assert found("func (p plugin) Open() {}\n").exports == ()


def test_functions_of_the_application_are_imports(found):
    source = 'var f = app.Function[string, map[string]any]("lookup_user")\nvar g = app.Function[[]int, T]("g")\n'
    assert found(source).functions == ("lookup_user", "g")


def test_files_of_tests_and_hidden_ones_do_not_count_and_packages_beside_main_do(found, tmp_path):
    package = HEAD.replace("main", "other") + 'wardian.Handle("{}", x)\n'
    for folder in ("testdata", ".hidden", "_left", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.go").write_text(package.format(folder.strip("._")))
    assert found(x_test=package.format("x")).exports == ("other",)


def test_the_description_adds_names_that_no_source_shows(found):
    assert found(more=", exports: [a], app: [f]") == Names(("a",), ("f",))
    with pytest.raises(BuildError, match="must be a list of names"):
        found(more=", exports: a")


def test_what_cannot_be_a_name_is_refused(found):
    with pytest.raises(BuildError) as caught:
        found('wardian.Handle("a b", a)\n')
    assert caught.value.problems == ("`a b`",)


def test_the_file_that_is_written_exports_and_imports_them():
    text = generated(Names(("a", "b"), ("f",)))
    assert 'abi.Begin(main, "a", "b")' in text
    assert "//go:wasmexport a\nfunc wardianExport0(" in text
    assert "//go:wasmimport app f\nfunc wardianApp0(" in text
    assert "unsafe" not in generated(Names(("a",), ()))
