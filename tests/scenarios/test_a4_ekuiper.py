"""A4: eKuiper's `Random` source and its function `accumulateWordCount`, by themselves, without rules and streams.

The number of a test is that of the part, A4a or A4b, and of the sentence in it.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

import wardian
from wardian import ConfigError, Grants, GuestError
from wardian.package.version import Version
from wardian.plugins.inspection import inspect
from wardian.state.memory import MemoryStore

SLOGANS = (
    "Impossible is nothing", "Stronger than dirt", "Belong anywhere", "I can'T believe I ate the whole thing",
    "You're in good hands", "Don'T leave home without it", "Think different", "We try harder",
)  # fmt: skip
TOTALS = [3, 6, 8, 16, 20, 25, 27, 30]
STATE = Grants(state=True)


@pytest.fixture
def random(runtime, c_guest):
    return runtime.load(c_guest("random_source"), name="random", grants=STATE)


@pytest.fixture
def words(runtime, c_guest):
    return runtime.load(c_guest("accumulate_word_count"), name="words", grants=STATE)


@pytest.fixture
def durable(cache, tmp_path):
    """Opens a runtime whose state is in one file, as a program does that is started again."""
    return lambda: wardian.Runtime(cache=cache, state=tmp_path / "state.sqlite")


def rows(*slogans):
    return [(slogan, " ") for slogan in slogans]


# ---- a: the source ----


def test_a4a_1_the_source_is_listed_and_described_from_its_package(runtime, c_guest):
    package = inspect(runtime, c_guest("random_source")).package
    assert [each.name for each in package.symbols] == ["random"]
    assert str(package.version) == "1.0.0"
    assert set(package.symbols[0].sections) == {"ext", "dedup"}


def test_a4a_2_a_section_of_its_configuration_makes_it_give_ten_a_second(random, clock, keep):
    stream = keep(random.source(section="ext", clock=clock))
    (got,) = clock.run(10, stream)
    assert 99 <= len(got) <= 101
    assert [each.data for each in got if each.data["count"] > 49] == [{"count": 50}] * len(got)


def test_a4a_2_without_a_section_it_gives_one_a_second(random, clock, keep):
    assert 9 <= len(clock.run(10, keep(random.source(clock=clock)))[0]) <= 11


def test_a4a_2_a_section_that_is_not_there_is_refused_with_those_that_are(random):
    with pytest.raises(ConfigError, match="no section `extra`") as caught:
        random.source(section="extra")
    assert "ext, dedup" in caught.value.hint


def test_a4a_3_what_was_given_before_is_never_given_again(random, clock, keep):
    stream = keep(random.source({"seed": 1}, section="dedup", clock=clock))
    assert [each.data for each in clock.run(30, stream)[0]] == [{"count": 50}]


def test_a4a_3_nor_is_it_after_a_restart_with_durable_state(durable, c_guest, clock, keep):
    given = []
    for _ in range(2):
        with durable() as runtime:
            plugin = runtime.load(c_guest("random_source"), name="random", grants=STATE)
            given += clock.run(30, keep(plugin.source(section="dedup", clock=clock)))[0]
    assert [each.data for each in given] == [{"count": 50}]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"seed": 0}, "`seed` must be a positive integer"),
        ({"pattern": None}, "`pattern` is required"),
    ],
)
def test_a4a_4_a_seed_of_zero_or_no_pattern_is_refused_when_it_is_opened(random, config, said):
    with pytest.raises(ConfigError, match=said):
        random.source(config)


def test_a4a_5_versions_are_ordered_as_numbers_and_not_as_texts():
    assert max(map(Version.parse, ("1.9.0", "1.10.0", "1.10.0-rc.1", "1.2.30"))) == Version.parse("1.10.0")


# ---- b: the function ----


def test_a4b_1_over_eight_rows_it_counts_the_words_of_all_so_far(words, keep):
    function = keep(words.function())
    assert [function(slogan, " ") for slogan in SLOGANS] == TOTALS


def test_a4b_1_rows_in_one_call_have_the_same_totals_and_none_fails(words, keep):
    assert keep(words.function()).rows(rows(*SLOGANS)) == TOTALS


def test_a4b_2_killed_after_three_rows_it_goes_on_from_there(durable, c_guest, tmp_path, cache, keep):
    program = textwrap.dedent(f"""
        import os, signal, wardian
        runtime = wardian.Runtime(cache={str(cache)!r}, state={str(tmp_path / "state.sqlite")!r})
        grants = wardian.Grants(state=True)
        plugin = runtime.load({str(c_guest("accumulate_word_count"))!r}, name="words", grants=grants)
        function = plugin.function()
        for slogan in {SLOGANS[:3]!r}:
            print(function(slogan, " "), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.split()) == (-9, ["3", "6", "8"]), done.stderr
    with durable() as runtime:
        function = keep(runtime.load(c_guest("accumulate_word_count"), name="words", grants=STATE).function())
        assert [function(slogan, " ") for slogan in SLOGANS[3:]] == TOTALS[3:]


def test_a4b_2_with_state_in_memory_it_starts_anew(cache, c_guest, keep):
    for _ in range(2):
        with wardian.Runtime(cache=cache) as runtime:
            function = keep(runtime.load(c_guest("accumulate_word_count"), name="words", grants=STATE).function())
            assert function(SLOGANS[0], " ") == 3


def test_a4b_3_after_its_state_was_deleted_it_starts_anew(cache, c_guest):
    with MemoryStore() as store, wardian.Runtime(cache=cache, state=store) as runtime:
        plugin = runtime.load(c_guest("accumulate_word_count"), name="words", grants=STATE)
        with plugin.function() as function:
            assert function(SLOGANS[0], " ") == 3
            for usage in store.scopes():
                store.clear(usage.scope)
            assert function(SLOGANS[0], " ") == 3


@pytest.mark.parametrize("slogan", [{"column": "slogan", "type": "text"}, {"literal": "Think different"}])
def test_a4b_4_a_text_and_a_separator_are_what_it_takes(words, slogan, keep):
    keep(words.function()).validate([slogan, {"literal": " "}])


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([{"column": "slogan", "type": "text"}], "only supports 2 parameter but got 1"),
        ([{"column": "slogan", "type": "text"}, {"column": "by", "type": "text"}], "second parameter must be a text"),
        ([{"column": "slogan", "type": "text"}, {"literal": 5}], "second parameter must be a text literal"),
    ],
)
def test_a4b_4_other_arguments_are_refused_before_any_row_is_there(words, args, said, keep):
    function = keep(words.function())
    with pytest.raises(GuestError, match=said) as caught:
        function.validate(args)
    assert caught.value.kind == "invalid"
    assert function(SLOGANS[0], " ") == 3


def test_a4b_5_a_cell_that_is_no_text_is_an_error_of_its_row_and_the_rest_goes_on(words, keep):
    first, wrong, last = keep(words.function()).rows([(SLOGANS[0], " "), (5, " "), (SLOGANS[1], " ")])
    assert (first, last) == (3, 6)
    assert (wrong.kind, wrong.message) == ("invalid", "the first argument must be a text")


def test_a4b_6_two_uses_count_by_themselves(words, keep):
    one, two = keep(words.function(instance="one")), keep(words.function(instance="two"))
    assert [one(SLOGANS[0], " "), two(SLOGANS[1], " "), one(SLOGANS[1], " "), two(SLOGANS[2], " ")] == [3, 3, 6, 5]


def test_a4b_6_two_uses_that_would_share_a_counter_unseen_are_refused(words):
    with words.function(), pytest.raises(ConfigError, match="another"):
        words.function()
