import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.abi import contract
from wardian.abi.contract import capability_of, kinds_served, pack, unpack


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**31 - 1), st.booleans())
def test_what_is_packed_is_unpacked(pointer, length, failed):
    packed = pack(pointer, length, failed=failed)
    assert -(2**63) <= packed < 2**63
    assert unpack(packed) == (pointer, failed, length)


@given(st.integers(-(2**63), 2**63 - 1))
def test_any_i64_has_parts_in_range(packed):
    pointer, failed, length = unpack(packed)
    assert 0 <= pointer < 2**32
    assert 0 <= length < 2**31
    assert pack(pointer, length, failed=failed) == packed


@pytest.mark.parametrize(
    ("packed", "parts"),
    [
        (0, (0, False, 0)),
        (-1, (2**32 - 1, True, 2**31 - 1)),
        (-(2**63), (2**31, False, 0)),
        (0x0000_0400_8000_0010, (1024, True, 16)),
    ],
)
def test_the_i64_arrives_signed(packed, parts):
    assert unpack(packed) == parts


@pytest.mark.parametrize(("pointer", "length"), [(-1, 0), (2**32, 0), (0, -1), (0, 2**31)])
def test_what_does_not_fit_is_not_packed(pointer, length):
    with pytest.raises(ValueError, match="expected a pointer of 32 bits"):
        pack(pointer, length)


def test_a_capability_is_named_by_the_first_word_of_its_imports():
    for name, capability in contract.HOST_IMPORTS.items():
        assert capability is None or name.partition("_")[0] in {capability, capability.removesuffix("s")}
    assert {name for name, needed in contract.HOST_IMPORTS.items() if needed is None} == {
        "take",
        "log",
        "metric_record",
        "cancelled",
    }


def test_a_function_of_the_application_is_its_own_capability():
    assert capability_of("app", "price") == "app.price"
    assert capability_of("wardian", "state_get") == "state"
    assert capability_of("wardian", "log") is None


@pytest.mark.parametrize(
    ("module", "name"), [("env", "state_get"), ("wardian", "state"), ("wardian", ""), ("app", ""), ("", "")]
)
def test_an_unknown_import_is_unknown(module, name):
    with pytest.raises(KeyError):
        capability_of(module, name)


def test_the_kinds_that_exports_serve_are_found():
    assert kinds_served(frozenset({"sink_write", "source_request", "greet"})) == ("source", "sink")
    assert kinds_served(frozenset()) == ()


def test_an_entry_point_belongs_to_one_kind():
    names = [name for names in contract.ENTRY_POINTS.values() for name in names]
    assert len(set(names)) == len(names)
    assert not set(names) & set(contract.LIFECYCLE)
