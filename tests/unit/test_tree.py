"""The tree is the architecture: sizes, names, layers, doors."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

from wardian.sandbox import prototypes

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "runtime" / "wardian"
GENERATED = PACKAGE / "sandbox" / "_prototypes.py"
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path not in (GENERATED, PACKAGE / "__init__.py")]
SOURCES = [*MODULES, *(ROOT / "sdk" / "c" / "src").glob("*.[ch]"), *(ROOT / "guest_examples").rglob("*.[ch]")]

# Each foreign library, and the one package that may import it.
DOORS = {
    "wasmtime": "sandbox",
    "cffi": "sandbox",
    "_cffi_backend": "sandbox",
    "cbor2": "abi",
    "jinja2": "expression",
    "h11": "egress",
    "certifi": "egress",
    "yaml": "document",
    "jsonschema": "config",
    "jsonschema_specifications": "config",
    "referencing": "config",
    "re2": "config",
    "prometheus_client": "engine",
    "opentelemetry": "pipeline",
    "cronsim": "config",
    "click": "cli",
    "rich": "cli",
}
# Egress asks with h11; what answers with it is the one file besides.
SERVES = {("h11", "endpoints/http_exchange.py")}


def top(path):
    """The module or package right below `wardian` that a file is, or is in."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def layers():
    """The layers of `pyproject.toml`, the highest first, each a set of modules side by side."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contract = next(each for each in settings["tool"]["importlinter"]["contracts"] if each["id"] == "layers")
    return [{name.strip() for name in layer.split("|")} for layer in contract["layers"]]


def imports(path):
    """The modules that a file imports, those for type checkers included, each with its line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports by a relative name"
            yield from ((f"{node.module}.{name.name}", node.lineno) for name in node.names)


def test_every_source_file_has_less_than_350_lines():
    long = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {path: lines for path, lines in long.items() if lines >= 350} == {}


def test_every_file_is_named_by_what_it_is_about():
    vague = re.compile(r"util|helper|common|manager|misc|^base$|v\d", re.IGNORECASE)
    assert [path for path in MODULES if vague.search(path.stem)] == []


def test_every_file_begins_with_what_it_is():
    assert [path for path in MODULES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def test_every_module_is_in_a_layer_and_every_layer_is_there():
    assert set().union(*layers()) == {top(path) for path in MODULES}


def test_the_page_on_the_architecture_has_the_same_layers():
    block = re.search(r"```layers\n(.*?)```", (ROOT / "ARCHITECTURE.md").read_text("utf-8"), re.DOTALL)
    assert [{name.strip() for name in line.split("|")} for line in block[1].splitlines()] == layers()


def test_no_module_imports_from_above_or_beside_its_layer():
    heights = {name: height for height, layer in enumerate(reversed(layers())) for name in layer}
    wrong = [
        f"{path}:{line} imports {module}"
        for path in MODULES
        for module, line in imports(path)
        if module.startswith("wardian.")
        and (other := module.split(".")[1]) in heights
        and other != top(path)
        and heights[other] >= heights[top(path)]
    ]
    assert wrong == []


def test_each_foreign_library_has_one_door():
    wrong = [
        f"{path}:{line} imports {module}"
        for path in MODULES
        for module, line in imports(path)
        if DOORS.get(module.split(".")[0], top(path)) != top(path)
        and (module.split(".")[0], path.relative_to(PACKAGE).as_posix()) not in SERVES
    ]
    assert wrong == []


def calls(path, name):
    """The calls of a function or method of this name in a file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == name:
            yield node


def test_every_callback_has_a_result_for_what_is_raised_in_it():
    made = [(path, call) for path in MODULES for call in calls(path, "callback")]
    assert len(made) >= 2
    assert [path for path, call in made if "onerror" not in {each.arg for each in call.keywords}] == []


def test_guest_memory_is_looked_at_in_one_file_which_lets_no_view_out():
    memory = PACKAGE / "sandbox" / "memory.py"
    assert [path for path in MODULES if any(calls(path, "wasmtime_memory_data"))] == [memory]
    returned = [node.returns for node in ast.walk(ast.parse(memory.read_text("utf-8"))) if hasattr(node, "returns")]
    assert {ast.unparse(each) for each in returned if each} <= {"None", "int", "bytes"}


def test_a_view_of_guest_memory_is_used_in_one_exchange_and_kept_nowhere():
    used = {path for path in MODULES if re.search(r"memory\.buffer\b", path.read_text("utf-8"))}
    instance = PACKAGE / "sandbox" / "instance.py"
    assert used == {instance}
    lines = re.findall(r"^.*memory\.buffer\b.*$", instance.read_text("utf-8"), re.MULTILINE)
    assert [line.split("#")[0].strip() for line in lines] == [
        "memory.buffer[pointer:end] = request",
        "return memory.buffer[pointer:end]",
    ]


def test_compiled_code_is_loaded_in_one_file_and_never_by_a_path():
    compiler = PACKAGE / "sandbox" / "compiler.py"
    assert [path for path in MODULES if any(calls(path, "deserialize"))] == [compiler]
    for name in ("deserialize_file", "wasmtime_module_deserialize", "wasmtime_module_deserialize_file"):
        assert [path for path in MODULES if any(calls(path, name))] == []


def test_the_tables_of_c_functions_are_those_of_the_declarations(tmp_path):
    fresh = tmp_path / "_prototypes.py"
    prototypes.write(fresh)
    assert fresh.read_text("utf-8") == GENERATED.read_text("utf-8"), "run `just native`"


def test_no_pattern_repeats_a_group_possessively():
    """Python before 3.11.5 gives up where such a group could go back within itself; an atomic group says the same."""
    found = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+(?!,)")  # a comma follows in lists of characters only
    lines = [(path.name, line) for path in MODULES for line in path.read_text("utf-8").splitlines()]
    assert [each for each in lines if found.search(each[1])] == []
