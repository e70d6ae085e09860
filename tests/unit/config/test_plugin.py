"""`wardian.config.plugin`: where a plugin comes from, from the file that says it."""

from pathlib import Path

import pytest


def test_paths_are_meant_from_the_file_that_says_them(written, project):
    written("plugins: {b: {source: ./b.wasm}}", "more/plugins.yaml")
    made = project(
        """\
        imports: [more/plugins.yaml]
        plugins: {a: {source: ../a.wasm, files: ./data, grants: {package: true}}, c: {source: ~/c.wasm}}
        """
    )
    folder = made.plugins["a"].source_path.parent.parent
    assert made.plugins["a"].source_path == folder / ".." / "a.wasm"
    assert made.plugins["a"].files_path == folder / "data"
    assert made.plugins["b"].source_path == folder / "more" / "b.wasm"
    assert made.plugins["b"].files_path is None
    assert made.plugins["c"].source_path == Path("~/c.wasm").expanduser()


def test_paths_from_outside_of_a_file_are_meant_from_where_the_program_runs(project):
    made = project(
        "plugins: {acme/a: {source: ./a.wasm, files: ~nobody-of-this-name/x, grants: {package: true}}}",
        settings=["plugins.acme/a.source=./b.wasm"],
    )
    assert made.plugins["acme/a"].source_path == Path("b.wasm")
    assert made.plugins["acme/a"].files_path.name == "x"


@pytest.mark.parametrize("source", ["ticker.wasm", "oci://x", "botkube/ticker@1", "https://x/y.wasm"])
def test_what_is_no_path_is_kept_for_repositories(problems, source):
    (problem,) = problems(f"plugins: {{a: {{source: {source}}}}}")
    assert problem.path == "plugins.a.source"


def test_files_need_the_grant_to_read_them(problems):
    (problem,) = problems("plugins: {a: {source: ./a.wasm, files: ./data}}")
    assert "`package`" in problem.expected
