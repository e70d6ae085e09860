"""Nothing in the docs is untested: code runs and prints what it says, names exist, links lead somewhere."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import logging
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import wardian
from wardian.abi.contract import HOST_IMPORTS
from wardian.cli import exit_codes
from wardian.cli.main import app
from wardian.errors import WardianError
from wardian.policy import Grants, Limits
from wardian.sandbox.faults import _CODES as TRAPS

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
PAGES = (*DOCS, *(ROOT / f"{name}.md" for name in ("ARCHITECTURE", "RATIONALE", "CHANGELOG", "CONTRIBUTING")))
BLOCK = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)

CITED = re.compile(r"(tests/[\w/]+\.py)::(?:\w+::)?(\w+)")


def blocks(page):
    """Each fenced block of a page: its info string, its text, the line of the page on which its text begins."""
    text = page.read_text("utf-8")
    return [
        (match["info"], match["body"], text.count("\n", 0, match.start("body")) + 1) for match in BLOCK.finditer(text)
    ]


def by_name(pages):
    return [pytest.param(page, id=str(page.relative_to(ROOT))) for page in pages]


def commands(block):
    """The words of each command of a block."""
    return [shlex.split(line)[1:] for line in block.replace("\\\n", "").splitlines() if line.startswith("wardian ")]


@pytest.fixture
def clone(tmp_path, monkeypatch, c_guest):
    """A working directory that looks like a clone after `just guests`."""
    for example in (ROOT / "guest_examples").iterdir():
        if (example / "c").is_dir():
            built = tmp_path / "guest_examples" / example.name / "c" / f"{example.name}.wasm"
            built.parent.mkdir(parents=True)
            built.write_bytes(c_guest(example.name).read_bytes())
        if (example / "wardian.yaml").is_file():
            (tmp_path / "guest_examples" / example.name).mkdir(exist_ok=True)
            shutil.copy(example / "wardian.yaml", tmp_path / "guest_examples" / example.name)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    logging.getLogger("wardian").handlers.clear()


def save(source, folder):
    """Save a block of a guest's source to the file that its first line names."""
    name = re.match(r"\W+(\w+\.\w+): ", source)
    assert name, "the first line of a guest's source names its file: /* name.c: what it does */"
    path = folder / name[1]
    path.write_text(source, "utf-8")
    return path


def run(*command):
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def compile_c(source):
    run(ROOT / "sdk" / "c" / "wardian-cc", source)


def compile_program(source):
    run("-m", "ziglang", "cc", "--target=wasm32-wasi", "-Os", source, "-o", source.with_suffix(".wasm"))


def matches(printed, expected):
    """Whether a text is what the page shows; `…` there stands for anything on its line, or alone for any lines."""
    lines = (
        r"(?:.*\n)*" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\n"
        for line in expected.splitlines()
    )
    return re.fullmatch("".join(lines), printed)


# What is done with a guest's source, by the info string of its block.
BUILD = {"c": compile_c, "c wasi": compile_program, "wat": lambda source: None, "yaml file": lambda source: None}


@pytest.mark.parametrize("page", by_name(DOCS))
def test_code_runs_and_prints_what_the_page_shows(page, clone):
    names = {"__name__": "__main__"}
    printed = None
    try:
        for info, body, line in blocks(page):
            if info == "yaml plugin":
                (clone / "plugin.yaml").write_text(body, "utf-8")
            elif info in BUILD:
                BUILD[info](save(body, clone))
            elif info == "python":
                out = io.StringIO()
                code = compile("\n" * (line - 1) + body, str(page), "exec")
                with contextlib.redirect_stdout(out):
                    exec(code, names)
                printed = out.getvalue()
            elif info == "sh":
                printed = "".join(run("-m", "wardian", *words) for words in commands(body))
            elif info == "text" and printed is not None:
                assert matches(printed, body), f"line {line}: the page shows\n{body}but it prints\n{printed}"
                printed = None
    finally:
        for value in names.values():
            if isinstance(value, wardian.Runtime):
                value.close()


def test_the_readme_has_the_two_commands():
    commands = {info: body for info, body, _ in blocks(ROOT / "README.md")}
    assert commands["sh run"].endswith("wardian up guest_examples/quickstart/wardian.yaml\n")
    assert commands["sh test"].endswith("just check\n")


@pytest.mark.parametrize("page", by_name(PAGES))
def test_links_lead_somewhere(page):
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", BLOCK.sub("", text)):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        found = page.parent / path if path else page
        assert found.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(found), f"{page.name} links to {target}"


def anchors(page):
    """The headings of a page as the fragments by which they are linked."""
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", by_name(PAGES))
def test_no_page_names_a_path_of_somebodys_machine(page):
    forbidden = re.compile(r"/(?:work|tmp|root|home/\w+|Users)/|\bTODO\b|\bFIXME\b")
    wrong = [line for line in page.read_text("utf-8").splitlines() if forbidden.search(line)]
    assert not wrong


@pytest.mark.parametrize("page", by_name(PAGES))
def test_lines_fit_but_for_tables_and_code(page):
    prose = BLOCK.sub("", page.read_text("utf-8")).splitlines()
    assert not [line for line in prose if len(line) > 120 and not line.startswith("|")]


# ---- Every name is documented ----


def rows(page):
    """The rows of a page's tables, each a list of cells."""
    lines = [line for line in page.read_text("utf-8").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(scope="module")
def limits_table():
    table = rows(ROOT / "docs" / "limits.md")[2:]
    return {cells[0].strip("`"): cells[1:] for cells in table[: len(Limits().written())]}


def test_the_table_of_limits_has_the_defaults_of_the_code(limits_table):
    shown = {name: cells[0].strip("`") for name, cells in limits_table.items()}
    assert shown == Limits().written()


def test_the_table_of_limits_explains_each_as_the_code_does(limits_table):
    for name, meaning in attributes(Limits).items():
        assert plain(limits_table[name][1]) == plain(meaning), f"`{name}` in docs/limits.md"


def attributes(kind):
    """What the docstring of a class says of each of its attributes."""
    section = textwrap.dedent(kind.__doc__.partition("Attributes:\n")[2].partition("Raises:")[0])
    return {
        name: " ".join(text.split())
        for name, text in re.findall(r"^(\w+): (.+?)(?=^\w|\Z)", section, re.MULTILINE | re.DOTALL)
    }


def plain(text):
    return text.replace("`", "").rstrip(".")


def test_each_grant_and_each_import_is_in_the_page_of_capabilities():
    page = (ROOT / "docs" / "capabilities.md").read_text("utf-8")
    for field in dataclasses.fields(Grants):
        assert f"`{field.name}`" in page, field.name
    for name in HOST_IMPORTS:
        assert f"`{name}`" in page, name


def error_types(root=WardianError):
    for kind in root.__subclasses__():
        if kind.__module__ == "wardian.errors":
            yield kind
            yield from error_types(kind)


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.__name__) for kind in error_types()])
def test_each_error_is_documented_with_its_code(kind):
    shown = {cells[0].strip("`"): cells[1] for cells in rows(ROOT / "docs" / "errors.md")}
    assert f"`{kind.code}`" in shown[kind.__name__]


def test_each_exit_code_is_documented_with_its_errors():
    shown = {cells[0]: cells for cells in rows(ROOT / "docs" / "errors.md")}
    for row in exit_codes.TABLE:
        _, kinds, meaning = shown[str(row.code)]
        ours = {kind.__name__ for kind in row.kinds if kind.__module__ == "wardian.errors"}
        assert (set(re.findall(r"\w+", kinds)), meaning) == (ours, row.meaning)


@pytest.mark.parametrize("name", wardian.__all__)
def test_each_public_name_is_in_the_page_of_the_python_face(name):
    assert re.search(rf"\b{name}\b", (ROOT / "docs" / "python.md").read_text("utf-8"))


# The public classes whose members a page has, beside those of their public parents.
MEMBERS = {
    "python": ("Plugin", "Runtime", "Receipt", "Outcome", "LogLine", "Use", "Catalog", "Engine", "Reloaded"),
    "kinds": (
        "Source", "Action", "Processor", "Function", "Aggregator", "Sink", "Lookup", "Extension", "Record", "Polled",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("page", "kind"), [(page, kind) for page, kinds in MEMBERS.items() for kind in kinds])
def test_each_public_member_is_in_the_page_of_its_class(page, kind):
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    thing = getattr(wardian, kind)
    inherited = set() if page == "python" else {name for base in thing.__bases__ for name in dir(base)}
    public = [name for name in dir(thing) if not name.startswith("_") and name not in inherited]
    missing = [name for name in public if not re.search(rf"\b{name}\b", text)]
    assert not missing


# ---- What the docs say of the project is so ----


def test_each_invariant_names_the_tests_that_keep_it():
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8").partition("## What is kept true")[2]
    items = re.split(r"^\d+\. ", text, flags=re.MULTILINE)[1:]
    assert len(items) == 10
    assert [number for number, item in enumerate(items, 1) if not CITED.search(item)] == []


@pytest.mark.parametrize("page", by_name(PAGES))
def test_each_test_that_a_page_names_exists(page):
    for path, name in CITED.findall(page.read_text("utf-8")):
        source = (ROOT / path).read_text("utf-8") if (ROOT / path).exists() else ""
        assert re.search(rf"^ *(?:async )?def {name}\(", source, re.MULTILINE), f"{path}::{name}"


@pytest.mark.parametrize("page", by_name(PAGES))
def test_each_file_that_a_page_names_exists(page):
    text = page.read_text("utf-8")
    named = re.findall(r"`((?:tests|sdk|docs|guest_examples|runtime)/[\w./-]+)`", text)
    named += [
        f"runtime/wardian/{path}" for path in re.findall(r"`((?:abi|sandbox|guests|plugins|cli|state)/[\w./]+)`", text)
    ]
    assert not [path for path in named if not (ROOT / path).exists()]


def test_each_command_is_in_the_readme_and_each_one_named_there_exists():
    text = (ROOT / "README.md").read_text("utf-8")
    assert set(re.findall(r"\bwardian (\w+)[^`]*`", BLOCK.sub("", text))) == set(app.commands)


def test_each_recipe_that_a_page_names_exists():
    recipes = set(re.findall(r"^(\w+)[^:=\n]*:(?!=)", (ROOT / "justfile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        assert set(re.findall(r"`just (\w+)", page.read_text("utf-8"))) <= recipes


def test_each_code_in_the_sources_is_in_the_page_of_errors():
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "runtime").rglob("*.py"))
    page = (ROOT / "docs" / "errors.md").read_text("utf-8")
    used = set(re.findall(r'\bcode(?:: str)? ?= ?"(\w+)"', sources)) | {code for code, _ in TRAPS.values()}
    assert {code for code in used if f"`{code}`" not in page} == set()
