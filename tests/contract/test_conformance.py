"""The conformance kit finds each planted fault by the promise that it breaks, and blames a good plugin of nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cbor2
import pytest

from support.broken import built, described, written
from support.wat import wasm_of
from wardian.abi.contract import ENTRY_POINTS, LIFECYCLE
from wardian.conformance import every_kind
from wardian.conformance.check import Asked, check
from wardian.conformance.laboratory import Laboratory
from wardian.errors import Cancelled, ConfigError, PackageError
from wardian.policy import Grants, Limits

# Smaller than by default, so that a check takes a second; a call may wait for a busy machine.
LIMITS = Limits(request="1MiB", items=20_000, deadline="5s")
EXAMPLES = Path(__file__).parents[2] / "guest_examples"
KINDS = ("source", "action", "processor", "function", "aggregator", "sink", "lookup", "extension")

# Each fault that authors make, planted in a plugin that is right otherwise, and the promises that it breaks.
FAULTS = {
    "processor": {
        "FORGETS_A_RECORD": {"processor.outcomes", "processor.bad_record", "replies.shape"},
        "BAD_RECORD_TRAPS": {"processor.bad_record", "requests.numbers"},
        "FAILS_THE_BATCH": {"processor.bad_record"},
        "ANSWERS_BACKWARDS": {"processor.order", "replies.shape"},
        "UNKNOWN_KIND_OF_OUTCOME": {"processor.outcomes", "replies.shape"},
        "LOGS_EACH_RECORD": {"log.bounded"},
        "REFUSES_ITS_DEFAULTS": {"open.defaults", "check.agrees"},
        "REFUSES_UNKNOWN_CONTEXT": {"open.unknown_keys"},
        "REFUSES_AS_INTERNAL": {"config.wrong_types", "config.unknown_key"},
        "TRAPS_ON_CONFIG": {"open.any_config", "config.wrong_types", "config.unknown_key"},
        "OPENS_WHAT_ITS_CHECK_REFUSES": {"check.agrees"},
        "TRAPS_IN_CLOSE": {"close.answers"},
    },
    "source": {
        "IGNORES_DEMAND": {"source.demand"},
        "RESUMES_FROM_THE_START": {"source.resume"},
        "BEGINS_AGAIN": {"source.done"},
        "WAITS_IN_NANOSECONDS": {"source.wait"},
    },
    "action": {
        "LEAKS": {"memory.flat"},
        "TRAPS_ON_NULL": {"requests.shapes"},
        "UNKNOWN_KIND_OF_ERROR": {"errors.known"},
        "BYTES_AFTER_THE_REPLY": {"replies.item"},
        "REPLY_OUTSIDE_MEMORY": {"replies.item"},
        "RETRIES_UNKNOWN_PARAMS": {"action.params"},
        "CANCEL_NEEDS_THE_CALL": {"action.cancel"},
    },
    "aggregator": {
        "KEEPS_WHAT_WAS_BEFORE": {"aggregator.reset"},
        "TRAPS_ON_THE_SECOND_FLUSH": {"aggregator.flush", "aggregator.reset", "memory.flat"},
    },
    "function": {
        "TRAPS_ON_TOO_FEW_ARGUMENTS": {
            "function.arguments", "function.bad_row", "memory.flat", "requests.shapes", "requests.numbers",
            "requests.texts", "requests.deep", "requests.many", "requests.large",
        },
        "VALIDATE_ANSWERS_TRUE": {"function.validate", "replies.shape"},
    },
    "sink": {
        "TRAPS_ON_UNKNOWN_KEYS": {"requests.unknown_keys"},
        "ONE_OUTCOME_FOR_ALL": {"sink.outcomes", "sink.bad_record", "replies.shape"},
        "URGENT_FLUSH_ANSWERS_TRUE": {"sink.flush", "replies.shape"},
    },
    "lookup": {
        "ROWS_ARE_LISTS": {"replies.shape"},
        "GIVES_ALL_COLUMNS": {"lookup.rows"},
        "TRAPS_ON_UNEVEN_KEYS": {"lookup.unknown", "requests.shapes", "requests.empty"},
    },
    "extension": {
        "TRAPS_WHEN_DEEP": {"requests.deep"},
        "TAKES_ANY_METHOD": {"extension.unknown_method"},
    },
}  # fmt: skip
PLANTED = [(kind, fault, broken) for kind, faults in FAULTS.items() for fault, broken in faults.items()]


@pytest.fixture(scope="module")
def lab(cache):
    with Laboratory(cache) as lab:
        yield lab


@pytest.fixture
def checked(lab):
    def checked(source, **more):
        usual = {"limits": LIMITS, "seconds": 60, "calls": 1_500, "smallest": False}
        return check(Asked(source=source, **usual | more), lab)

    return checked


def verdict(report, promise):
    found = [each.verdict for chapter in report.chapters for each in chapter.results if each.promise.id == promise]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(("kind", "fault", "broken"), PLANTED, ids=[fault.lower() for _, fault, _ in PLANTED])
def test_a_planted_fault_is_found_by_the_promise_that_it_breaks(checked, shared_folder, kind, fault, broken):
    calls = 5_000 if fault == "LEAKS" else 1_500  # 64 bytes each time
    report = checked(described(built(shared_folder, kind, fault), kind), calls=calls)
    assert set(report.failed) == broken
    for promise in broken:
        assert verdict(report, promise).seen
        assert verdict(report, promise).expected


def test_a_loop_without_an_end_is_found_and_ended(checked, shared_folder):
    module = described(built(shared_folder, "function", "LOOPS_ON_AN_EMPTY_BATCH"), "function")
    report = checked(module, limits=Limits(request="1MiB", items=20_000, deadline="1s"))
    assert {"requests.empty", "function.outcomes"} <= set(report.failed)
    assert "deadline_exceeded" in verdict(report, "function.outcomes").seen


def test_memory_that_finds_its_size_in_the_first_thousands_of_calls_is_flat(checked, shared_folder):
    """As that of guests with a garbage collector, and other than one that leaks."""
    module = described(built(shared_folder, "action", "GROWS_AT_FIRST"), "action")
    found = verdict(checked(module, only={"memory.flat"}, calls=5_000), "memory.flat")
    assert found.outcome == "passed"
    assert int(found.note.rpartition("after ")[2].split()[0].replace(",", "")) >= 10_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_plugin_without_a_fault_keeps_all_promises(checked, shared_folder, kind):
    report = checked(described(built(shared_folder, kind), kind), smallest=True)
    assert report.conforms, report.failed + report.undecided
    assert {each.kind for each in report.chapters} == {"", kind}
    limits = report.chapters[1].limits
    assert limits.memory % 65_536 == limits.stack % 65_536 == 0
    assert limits.memory <= 1024 * 1024
    assert 0 < limits.fuel < 10_000_000


def test_the_smallest_limits_are_enough_and_less_of_them_is_not(checked, shared_folder):
    module = described(built(shared_folder, "action"), "action")
    found = checked(module, smallest=True).chapters[1].limits
    least = Limits(memory=found.memory, stack=found.stack, fuel=found.fuel, request="1MiB", deadline="5s")
    assert checked(module, limits=least, only={"replies.repeatable"}).conforms
    less = Limits(memory=found.memory, fuel=found.fuel // 4, request="1MiB", deadline="5s")
    assert checked(module, limits=less, only={"memory.flat"}).failed == ("memory.flat",)


def test_a_buffer_that_is_smaller_than_it_was_asked_for_is_found(checked):
    report = checked(written("small_buffer"))
    assert "buffer.own" in report.failed
    assert not {"buffer.room", "buffer.reused"} & set(report.failed)


def test_a_plugin_that_tells_the_time_is_not_taken_for_one_whose_buffer_disturbs_it(checked, c_guest):
    for _ in range(40):  # in some of them a millisecond ends between two calls that are compared
        report = checked(c_guest("measure_lag"), only={"buffer.own", "buffer.reused"})
        assert report.conforms, report.failed


def test_a_buffer_that_ends_outside_memory_is_found(checked):
    assert "buffer.room" in checked(written("buffer_at_the_end")).failed


def test_an_import_that_nobody_knows_is_found_before_anything_runs(checked):
    report = checked(written("unknown_import"))
    assert report.failed == ("module.imports",)
    assert "say_hello" in verdict(report, "module.imports").seen
    assert [chapter.results for chapter in report.chapters[1:]] == [()]
    assert not report.conforms


def test_a_kind_that_is_described_and_has_no_entry_point_is_found(checked, shared_folder):
    report = checked(described(built(shared_folder, "sink"), "source"))
    assert "description.entry_points" in report.failed
    assert "source_poll" in verdict(report, "description.entry_points").seen


def test_a_description_that_is_wrong_is_found(checked, shared_folder):
    report = checked(described(built(shared_folder, "sink"), "sink", version="one", limits={"memori": "1MiB"}))
    assert report.failed == ("description.right",)
    assert "version" in verdict(report, "description.right").seen
    module = described(built(shared_folder, "sink"), "sink", limits={"memory": "a lot"})
    report = checked(module, only={"description.right"})
    assert "memory" in verdict(report, "description.right").seen


def test_wishes_that_are_not_enough_are_found(checked, shared_folder):
    module = built(shared_folder, "action")
    report = checked(described(module, "action", limits={"memory": "64KiB", "deadline": "1ms"}))
    assert report.failed == ("limits.suffice",)
    assert "memory_exceeded" in verdict(report, "limits.suffice").seen
    assert checked(described(module, "action", limits={"fuel": 10}), only={"limits.suffice"}).failed
    enough = {"memory": "1MiB", "stack": "64KiB", "fuel": 1_000_000}
    assert checked(described(module, "action", limits=enough), only={"limits.suffice"}).conforms


def test_a_capability_without_a_reason_and_one_that_was_not_granted_are_found(checked, c_guest):
    counts = c_guest("count_words")
    assert checked(counts, grants=Grants(clock=True), only={"module.grants"}).failed == ("module.grants",)
    assert checked(counts, grants=Grants(state=True), only={"module.grants"}).conforms
    silent = described(counts.read_bytes(), "extension")
    assert checked(silent, only={"description.capabilities"}).failed == ("description.capabilities",)
    assert checked(counts, only={"description.capabilities"}).conforms


def test_a_program_is_checked_as_far_as_that_goes(checked, tmp_path):
    source = tmp_path / "ok.c"
    source.write_text("int main(void) { return 0; }\n")
    module = tmp_path / "ok.wasm"
    command = [sys.executable, "-m", "ziglang", "cc", "--target=wasm32-wasi", "-Os", source, "-o", module]
    subprocess.run(command, check=True, timeout=300)
    report = checked(described(module.read_bytes(), "sink", transport="command"), smallest=True)
    assert report.conforms, report.failed + report.undecided
    assert verdict(report, "sink.outcomes").outcome == "passed"
    assert verdict(report, "buffer.room").outcome == verdict(report, "memory.flat").outcome == "not_applicable"
    assert report.chapters[1].limits.fuel > 0


@pytest.mark.parametrize("name", sorted(path.parent.name for path in EXAMPLES.glob("*/c")))
def test_each_example_keeps_all_promises(checked, c_guest, name):
    inputs = EXAMPLES / name / "input.jsonl"
    given = [json.loads(line) for line in inputs.read_text("utf-8").splitlines()] if inputs.exists() else []
    config = {"special": {"raw": True}}.get(name)  # what has no default
    report = checked(c_guest(name), samples=given, config=config)
    assert report.conforms, report.failed + report.undecided


# Answers each entry point of each kind with the same item; %s stands for its bytes, and for its address and length.
ALWAYS = """(module (memory (export "memory") 20) (data (i32.const 8) "%s") (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 4096)) %s)"""
ENTRIES = [*LIFECYCLE, *(entry for names in ENTRY_POINTS.values() for entry in names)]


@pytest.mark.parametrize(
    "item",
    [5, [1, [2]], {"records": 1}, {"records": [{"data": 1}], "done": True, "offset": []}, [[4, "wrong"]]],
    ids=str,
)
def test_whatever_a_plugin_answers_the_kit_reports(checked, item):
    encoded = cbor2.dumps(item)
    entry = f'(func (export "%s") (param i32 i32) (result i64) (i64.const {8 << 32 | len(encoded)}))'
    text = ALWAYS % ("".join(f"\\{byte:02x}" for byte in encoded), "".join(entry % name for name in ENTRIES))
    small = Limits(request="64KiB", items=2_000, deadline="5s")
    report = checked(wasm_of(text), calls=60, limits=small)
    assert len(report.chapters) == 1 + len(KINDS)
    assert "replies.shape" in report.failed


def test_a_buffer_that_traps_is_a_broken_promise_and_no_end_of_the_kit(checked, guest):
    text = guest("echoes").read_text().replace("(i32.const 65536))", "(unreachable))", 1)
    assert "(unreachable)" in text
    report = checked(wasm_of(text))
    assert "buffer.room" in report.failed


def test_one_symbol_of_a_name_can_be_chosen_and_another_name_is_an_error(checked, shared_folder):
    module = described(built(shared_folder, "sink"), "sink")
    assert checked(module, symbol="checked", only={"sink.flush"}).chapters[1].name == "checked"
    with pytest.raises(ConfigError, match="no symbol `other`"):
        checked(module, symbol="other")


def test_what_is_no_module_is_an_error_of_its_own(checked):
    with pytest.raises(PackageError):
        checked(b"no module")


def test_time_that_is_over_leaves_promises_undecided_and_passes_nothing(checked, shared_folder):
    report = checked(described(built(shared_folder, "sink"), "sink"), seconds=0)
    assert not report.failed
    assert not report.conforms
    assert "sink.outcomes" in report.undecided


def test_a_check_that_is_stopped_ends(checked, shared_folder, cache):
    module = described(built(shared_folder, "sink"), "sink")
    with Laboratory(cache) as lab, pytest.raises(Cancelled):
        check(Asked(source=module, limits=LIMITS, progress=lambda _promise: lab.stop()), lab)


def test_every_promise_has_a_name_of_its_own_and_says_why_and_what_to_do():
    ids = [promise.id for promise in every_kind.ALL]
    assert len(ids) == len(set(ids))
    for promise in every_kind.ALL:
        assert promise.text.endswith((".", "information."))
        assert promise.why.endswith(".")
        assert promise.hint
        assert not promise.hint.endswith(".")


def test_every_planted_promise_is_one_of_the_kit():
    assert {promise for _, _, broken in PLANTED for promise in broken} <= {promise.id for promise in every_kind.ALL}
