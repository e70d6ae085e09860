import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.canned import canned
from support.packages import described, with_package
from support.wat import wasm_of
from wardian.abi.contract import ENTRY_POINTS
from wardian.errors import PackageError
from wardian.package import section
from wardian.plugins import description

MODULE = wasm_of("(module)")
BARE = '(memory (export "memory") 1)'
COMMAND = f'{BARE} (func (export "_start"))'


@pytest.fixture
def checked(runtime):
    """Compiles a module and checks it against its description."""

    def check(wasm):
        module, manifest = runtime.compile(wasm), description.read(wasm)
        description.check(module, manifest)
        return description.transport(module, manifest)

    return check


def refused(wasm):
    with pytest.raises(PackageError) as raised:
        description.read(wasm)
    assert raised.value.code == "bad_package"
    return raised.value.message


def test_a_module_that_says_nothing_has_no_description():
    assert description.read(MODULE) is None


def test_a_description_is_read_whole():
    manifest = description.read(described(MODULE, "source ticks", description="Ticks."))
    assert (manifest.name, str(manifest.version), manifest.description) == ("acme/tested", "1.2.3", "Ticks.")
    assert [(each.kind, each.name) for each in manifest.symbols] == [("source", "ticks")]


def test_a_description_that_stands_there_twice_is_refused():
    one = described(MODULE, "source ticks")
    assert refused(one + one[8:]) == "the section `wardian:package` stands there 2 times"


def test_one_that_is_too_large_is_refused_before_it_is_read():
    assert "has 65537B, of at most 64KiB" in refused(section.embed(MODULE, b"\xff" * (64 * 1024 + 1)))
    assert description.read(described(MODULE, "source ticks", description="x" * 60_000))


@pytest.mark.parametrize("content", [b"", b"\xff", b"\x81" * 100, b"\x9b" + b"\xff" * 8, b"\xa0\xa0", b"\xc4\x80"])
def test_what_is_no_item_is_refused(content):
    assert refused(section.embed(MODULE, content)).startswith("the section `wardian:package` is no item")


@pytest.mark.parametrize("value", [None, 5, [], {}, {"name": "a/b"}])
def test_another_shape_is_refused(value):
    assert refused(with_package(MODULE, value)) == "the package's description is wrong"


@given(st.binary(max_size=200))
def test_any_content_is_a_description_or_a_package_error(content):
    refused_as = ""
    try:
        description.read(section.embed(MODULE, content))
    except PackageError as error:
        refused_as = error.code
    assert refused_as in ("", "bad_package")


@pytest.mark.parametrize("kind", ENTRY_POINTS)
def test_each_kind_needs_its_first_entry_point_and_a_source_one_of_two(checked, kind):
    first, *others = ENTRY_POINTS[kind]
    assert checked(canned({first: None}, f"{kind} one")) == "reactor"
    if kind == "source":
        assert checked(canned({"source_request": None}, "source one")) == "reactor"
        others = []
    for replies in (dict.fromkeys(others), {"other": None}):
        with pytest.raises(PackageError) as raised:
            checked(canned(replies, f"{kind} one"))
        assert raised.value.problems[0].startswith(f"the {kind} `one` needs the export `{first}`")


def test_every_symbol_that_cannot_be_served_is_named_with_what_is_there_instead(checked):
    alloc = '(func (export "wardian_alloc") (param i32) (result i32) (i32.const 0))'
    text = f'(module {BARE} {alloc} (func (export "wardian_abi_v1")) (func (export "sink_write")))'
    with pytest.raises(PackageError, match="does not export what its description promises") as raised:
        checked(described(wasm_of(text), "sink one", "lookup two"))
    assert raised.value.problems == (
        "the sink `one` needs the export `sink_write`; its `sink_write` is func () -> ()",
        "the lookup `two` needs the export `lookup_rows`",
    )


def test_the_transport_is_what_the_description_says(checked):
    program = wasm_of(f"(module {COMMAND})")
    assert checked(program) == "command"
    assert checked(described(program, "sink one", transport="command")) == "command"
    with pytest.raises(PackageError, match="no Wardian plugin"):
        checked(described(program, "sink one"))
    with pytest.raises(PackageError, match="exports no `_start`"):
        checked(canned({"sink_write": None}, "sink one", transport="command"))
