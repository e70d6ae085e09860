"""What Hypothesis makes up: limits, and modules that were whole once.

Arguments of WASI functions are made up in `tests/unit/sandbox/test_wasi.py`.
"""

from dataclasses import fields

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.wat import wasm_of
from wardian import ConfigError, LimitExceeded, Limits, WardianError

NAMES = sorted(field.name for field in fields(Limits))
GIVEN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.binary(max_size=4),
    st.from_regex(r"[0-9]{1,12} ?(B|kB|KiB|MiB|GiB|ms|s|m|h)?", fullmatch=True), st.lists(st.integers(), max_size=2),
)  # fmt: skip
LEAST = Limits(
    memory=2**16, table_elements=0, stack=2**16, deadline=1e-3, start_deadline=1e-3, request=1, reply=1, items=1,
    depth=1, host_calls=0, log_bytes=0, log_lines=0, state_keys=0, state_bytes=0, state_value=0, instances=1, fuel=1,
)  # fmt: skip
TINY = Limits(module=2**16, compile_time=0.5, compile_memory=2**28, memory=2**20, deadline=0.05, start_deadline=0.05)


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


def error_of(action):
    """The typed error that an action raises, or None; anything else fails the test."""
    try:
        action()
    except WardianError as error:
        return error
    return None


@given(st.dictionaries(st.sampled_from(NAMES), GIVEN, max_size=6))
def test_whatever_is_asked_for_gives_limits_or_names_what_is_wrong(given_):
    made = []
    error = error_of(lambda: made.append(Limits(**given_)))
    if error is None:
        (limits,) = made
        assert limits.written().keys() == set(NAMES)
        assert Limits(**{name: getattr(limits, name) for name in NAMES}) == limits
    else:
        assert type(error) is ConfigError
        assert error.problems
        assert all(problem.partition(":")[0] in given_ for problem in error.problems)


SMALL = st.fixed_dictionaries(
    {},
    optional={
        "memory": st.integers(2**16, 2**18), "table_elements": st.integers(0, 3), "stack": st.integers(2**16, 2**17),
        "deadline": st.floats(1e-3, 0.05), "start_deadline": st.floats(1e-3, 0.05), "request": st.integers(1, 300),
        "reply": st.integers(1, 300), "items": st.integers(1, 9), "depth": st.integers(1, 3),
        "host_calls": st.integers(0, 3), "log_bytes": st.integers(0, 9), "log_lines": st.integers(0, 2),
        "instances": st.integers(1, 2),
    },
)  # fmt: skip
ITEMS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=9) | st.binary(max_size=300),
    lambda held: st.lists(held, max_size=4) | st.dictionaries(st.text(max_size=3), held, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize("name", ["echoes", "logs", "obeys", "recurses", "grows"])
def test_under_any_small_limits_a_guest_answers_or_a_typed_error_is_raised(runtime, guest, name):
    wasm = wasm_of(guest(name).read_text())

    @settings(max_examples=25, deadline=None)
    @given(SMALL, ITEMS)
    def load_and_call(limits, item):
        def use():
            with runtime.load(wasm, name=name, limits=Limits(**limits)) as plugin:
                for entry in plugin.entries:
                    reply = plugin.call(entry, item)
                    assert name != "echoes" or reply == item

        error = error_of(use)
        assert not isinstance(error, LimitExceeded) or error.limit in NAMES

    load_and_call()


@pytest.mark.parametrize("name", ["echoes", "logs", "spins", "asks_forever", "counts", "recurses"])
def test_under_the_least_limits_of_all_there_are_typed_errors_only(runtime, guest, name):
    def use():
        plugin = runtime.load(wasm_of(guest(name).read_text()), name=name, limits=LEAST)
        for entry in plugin.entries:
            plugin.call(entry)

    error = error_of(use)
    assert isinstance(error, LimitExceeded)
    assert error.limit in NAMES


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(8, 10**6), st.sampled_from(["flip", "drop", "put", "repeat"]), st.integers(0, 255)),
        min_size=1,
        max_size=3,
    )
)
def test_a_module_that_was_whole_once_is_loaded_or_refused(runtime, guest, changes):
    wasm = bytearray(wasm_of(guest("logs").read_text()))
    for where, what, byte in changes:
        at = where % len(wasm)
        if what == "flip":
            wasm[at] ^= 1 << byte % 8
        elif what == "drop":
            del wasm[at : at + 1 + byte % 4]
        elif what == "put":
            wasm[at] = byte
        else:
            wasm[at:at] = wasm[at : at + byte]

    def use():
        with runtime.load(bytes(wasm), name="once", limits=TINY) as plugin:
            for entry in plugin.entries:
                plugin.call(entry)

    error = error_of(use)
    assert error is None or (error.code and str(error).replace("\n", "").isprintable())
