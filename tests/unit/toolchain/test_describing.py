import pytest

from support.wat import wasm_of
from wardian.abi.codec import Bounds, decode
from wardian.errors import ConfigError, PackageError
from wardian.sandbox import binary
from wardian.toolchain.describing import embed

MODULE = wasm_of("""
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "source_request") (param i32 i32) (result i64) (i64.const 0)))
""")
GOOD = """\
name: acme/feed
version: 1.0.0
symbols:
  - kind: source
    name: feed
    config:
      defaults: {interval: 1m, limit: 0.5}
"""


@pytest.fixture
def manifest(tmp_path):
    """Writes a `plugin.yaml`."""

    def written(text):
        path = tmp_path / "plugin.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


def problems(path):
    with pytest.raises(ConfigError) as refused:
        embed(path, MODULE)
    assert refused.value.where == str(path)
    return refused.value.problems


def test_the_module_says_what_the_file_says(manifest):
    made = embed(manifest(GOOD), MODULE)
    (section,) = (each for each in binary.sections(made) if each.name == "wardian:package")
    said = decode(made[section.start : section.start + section.size], Bounds(size=2**16, items=1000, depth=64))
    assert said == {
        "name": "acme/feed",
        "version": "1.0.0",
        "symbols": [{"kind": "source", "name": "feed", "config": {"defaults": {"interval": "1m", "limit": 0.5}}}],
    }


def test_equal_files_give_equal_bytes(manifest):
    assert embed(manifest(GOOD), MODULE) == embed(manifest(GOOD), embed(manifest(GOOD), MODULE))


def test_every_fault_is_told_with_its_line(manifest):
    said = problems(manifest("symbols:\n  - {kind: source, name: a}\n  - kind: gadget\n\nname: Feed\nversion: 1\n"))
    assert [each.partition(": expected")[0] for each in said] == [
        "line 5: name",
        "line 6: version",
        "line 3: symbols[1].kind",
        "line 3: symbols[1].name",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "just a text", "name: acme/feed\nversion: 1.0.0\n", "name: acme/feed\nversion: 1.0.0\nsymbols: []"],
)
def test_what_is_no_description_is_refused(manifest, text):
    assert problems(manifest(text))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [", 1), ("a: 1\nb: c: d\n", 2), ("x: !y 1", 1), (b"name: \xff", 1), (b"name: \x01", 1),
        (b"x: " + b"[" * 5000, 1),
    ],
)  # fmt: skip
def test_what_is_no_yaml_is_refused_with_its_line(manifest, text, line):
    assert problems(manifest(text))[0].line == line


def test_what_is_too_large_is_refused(manifest):
    assert "64KiB" in problems(manifest(b"#" * 70_000))[0]


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert problems(tmp_path / "plugin.yaml") == ()


def test_a_date_is_text_and_a_number_that_the_abi_has_no_word_for_is_refused(manifest):
    assert embed(manifest(GOOD + "released: 2026-01-01\n"), MODULE)
    (said,) = problems(manifest(GOOD + "released: 99999999999999999999\n"))
    assert "released" in said


def test_a_symbol_needs_the_entry_points_of_its_kind(manifest):
    (said,) = problems(manifest(GOOD.replace("kind: source", "kind: sink")))
    assert said == "line 4: symbols[0].kind: a module of this kind exports `sink_write`, this one does not"


def test_what_is_no_module_is_refused(manifest):
    with pytest.raises(PackageError):
        embed(manifest(GOOD), b"not wasm at all")
