"""A4: eKuiper's `Random` source and its function `accumulateWordCount` in pipelines, in the place of its rules.

The number of a test is that of the part, A4a or A4b, and of the sentence in it. A stream is a source, a rule is a
pipeline, its checkpoints are those of `state: checkpoint`; seconds are scaled.
"""

from __future__ import annotations

import json
import time

import pytest

from scenarios.test_a4_ekuiper import SLOGANS, TOTALS
from support.commands import wardian
from support.murderous_server import MurderousServer
from support.packages import with_package
from support.stories import counters, eventually
from wardian.plugins.inspection import inspect

RANDOM = """
plugins: {{random: {{source: ./random_source.wasm, grants: {{state: true}}}}}}
sources: {{demo: {{plugin: random{use}}}}}
sinks: {{out: {{type: file, config: {{path: ./out.jsonl}}}}}}
pipelines: {{rule: {{sources: [demo], sinks: [out]}}}}
"""


@pytest.fixture
def stream(story):
    """A pipeline of the source `random`."""
    story.module("random_source")

    def write(use=""):
        story.write(RANDOM.format(use=use))
        return story

    return write


# ---- a: the source ----


@pytest.mark.parametrize(
    ("use", "interval", "count"), [(", section: ext", 0.1, 5), ("", 1.0, 2), (", config: {interval: 20}", 0.02, 10)]
)
def test_a4a_2_a_stream_gives_as_often_as_its_section_says_and_its_counter_grows(stream, use, interval, count):
    story = stream(use)
    began = time.monotonic()
    with story.engine() as engine:
        story.until(count)
        assert counters(engine, "rule", "demo").records_out >= count
        assert engine.stop()
    assert count <= len(story.data()) <= (time.monotonic() - began) / interval + 1
    assert [each for each in story.data() if each["count"] > 49] == [{"count": 50}] * len(story.data())


def test_a4a_3_what_was_given_before_is_never_given_again_nor_after_a_restart(stream):
    story = stream(", section: dedup, config: {interval: 10}")
    for _ in range(2):
        with story.engine() as engine:
            story.until(1)
            eventually(lambda: counters(engine, "rule", "demo").calls >= 20, "20 polls")
            assert engine.stop()
    assert story.data() == [{"count": 50}]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("seed: 0", "`seed` must be a positive integer"),
        ("pattern: null", "config.pattern: expected a map, got nothing"),
    ],
)
def test_a4a_4_a_seed_of_zero_or_no_pattern_refuses_its_rule_with_that_text(stream, config, said):
    engine = stream(f", config: {{{config}}}").finish()
    assert said in str(engine.failures["rule"])
    assert [each.state for each in engine.pipelines] == ["failed"]


def version(content, of):
    """The same module in another version."""
    package = {"name": "wardian-examples/random", "version": of, "symbols": [{"kind": "source", "name": "random"}]}
    return with_package(content, package)


@pytest.fixture
def bare(c_guest, runtime):
    """The module without its description, for descriptions of other versions."""
    content = c_guest("random_source").read_bytes()
    assert inspect(runtime, content).package is not None
    return content


def test_a4a_6_an_update_is_used_without_a_restart_of_the_host(story, bare):
    story.module("random_source", version(bare, "1.9.0"))
    config = "{interval: 20, seed: 1, pattern: {count: 50}}"
    story.write(RANDOM.format(use=f", config: {config}"))
    up = story.start()
    story.until(3)
    running = [story.status()["rule"]["members"][0]["running"]["version"]]
    story.module("random_source", version(bare, "1.10.0"))
    up.said("rule: restart: `demo` changed")
    story.until(len(story.records()) + 3)
    running.append(story.status()["rule"]["members"][0]["running"]["version"])
    assert (up.stop(), running) == (0, ["1.9.0", "1.10.0"])


def test_a4a_7_a_plugin_that_is_deleted_under_its_rule_leaves_it_running_and_a_new_one_is_taken(story, bare):
    story.module("random_source", version(bare, "1.9.0"))
    story.write(RANDOM.format(use=", config: {interval: 20, seed: 1, pattern: {count: 50}}"))
    up = story.start()
    story.until(3)
    (story.path / "random_source.wasm").unlink()
    up.said("rule: cannot restart, and goes on as before: ")
    story.until(len(story.records()) + 3)
    story.module("random_source", version(bare, "1.10.0"))
    eventually(lambda: story.status()["rule"]["members"][0]["running"]["version"] == "1.10.0", "the new one")
    story.until(len(story.records()) + 3)
    assert up.stop() == 0


# ---- b: the function ----

WORDS = """
plugins: {{words: {{source: ./accumulate_word_count.wasm, grants: {{state: true}}}}}}
sources: {{slogans: {{type: file, config: {{path: ./rows.jsonl}}}}}}
steps: {{wc: {{plugin: words}}}}
sinks:
  out: {{type: file, config: {{path: ./out.jsonl}}}}
  second: {{type: file, config: {{path: ./second.jsonl}}}}
  server: {{type: webhook, config: {{url: "http://127.0.0.1:{port}/", timeout: 30s}}}}
pipelines:
  rule: {{sources: [slogans], steps: [{steps}], sinks: [{sinks}], batch: {{count: 1}}{rules}}}
"""
ROWS = [[slogan, " "] for slogan in SLOGANS]


@pytest.fixture
def rule(story):
    """A pipeline that counts the words of rows."""
    story.module("accumulate_word_count")
    story.rows(*ROWS)

    def write(*, steps="wc", sinks="out", rules="", more="", port=1):
        story.write(WORDS.format(steps=steps, sinks=sinks, rules=rules, port=port) + more)
        return story

    return write


def test_a4b_1_over_eight_rows_it_counts_the_words_of_all_so_far(rule):
    story = rule()
    engine = story.finish()
    assert story.data() == TOTALS
    done = counters(engine, "rule", "wc")
    assert (done.records_in, done.records_out, done.failed) == (8, 8, 0)


def killed(rule, nth, *, delay=0.0, **more):
    """What arrived of a run that was killed when it had sent its nth result, which nobody acknowledged."""
    with MurderousServer(nth, delay) as server:
        up = rule(sinks="server", port=server.port, **more).start("--no-watch")
        server.kills(up.process)
        assert up.ended() == -9, up.text()
        return server.data()


def resumed(rule, **more):
    """What arrives of a run that goes to its end."""
    with MurderousServer() as server:
        done = rule(sinks="server", port=server.port, **more).run()
        assert done.returncode == 0, done.stderr
        return server.data()


def test_a4b_2_killed_after_three_rows_the_first_result_is_that_of_the_third_again(rule):
    assert killed(rule, 3) == [3, 6, 8]
    assert resumed(rule) == [8, 16, 20, 25, 27, 30]


def test_a4b_2_so_it_is_with_checkpoints_from_the_last_of_them_on(rule):
    rules = ", state: checkpoint, interval: 1ms"
    assert killed(rule, 3, delay=0.05, rules=rules) == [3, 6, 8]
    assert resumed(rule, rules=rules) == [8, 16, 20, 25, 27, 30]


def test_a4b_2_without_a_checkpoint_before_the_end_all_of_it_comes_again_and_counts_once(rule):
    rules = ", state: checkpoint, interval: 1h"
    assert killed(rule, 3, rules=rules) == [3, 6, 8]
    assert resumed(rule, rules=rules) == TOTALS


def test_a4b_2_at_most_once_and_in_memory_it_starts_anew(rule):
    rules = ", delivery: at_most_once, state: memory"
    assert killed(rule, 3, rules=rules) == [3, 6, 8]
    assert len(resumed(rule, rules=rules)) <= 5  # of the rows that it was given, none comes twice
    rule().rows(*ROWS)  # given again, as a new file
    assert resumed(rule, rules=rules)[:3] == [3, 6, 8]


def reset(*names):
    done = wardian("state", "reset", *names)
    assert done.returncode == 0, done.stderr


def test_a4b_3_after_a_reset_of_its_state_it_starts_anew(rule):
    story = rule()
    story.finish()
    reset("rule/wc")
    story.rows(*ROWS)  # the source has kept where it was, and reads the new file
    story.finish()
    reset("rule")  # and now it has not
    story.finish()
    assert story.data() == TOTALS * 3


def test_a4b_5_a_cell_that_is_no_text_is_one_exception_and_the_rule_goes_on(rule):
    story = rule()
    story.rows(ROWS[0], [5, " "], *ROWS[1:])
    engine = story.finish()
    assert story.data() == TOTALS
    assert (counters(engine, "rule", "wc").failed, counters(engine, "rule", "wc").dead) == (1, 1)
    (letter,) = json.loads(story.ask("dead", "list", "--json").stdout)["dead"]
    assert (letter["member"], letter["message"]) == ("wc", "the first argument must be a text")


def test_a4b_6_two_rules_count_by_themselves(rule):
    story = rule(more="  two: {sources: [slogans], steps: [wc], sinks: [second]}\n")
    story.finish()
    assert (story.data(), story.data("second.jsonl")) == (TOTALS, TOTALS)
