"""The README's first command, as a newcomer runs it, and what it says of a text that is known."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE = "guest_examples/quickstart/wardian.yaml"


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone in which the recipe of the quickstart was run, and nothing else."""
    folder = tmp_path_factory.mktemp("clone")
    left_out = shutil.ignore_patterns("*.wasm", ".wardian", "text.txt*")
    for name in ("sdk", "guest_examples"):
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    shutil.copy(ROOT / "justfile", folder)
    done = run(folder, "just quickstart")
    assert done.stdout == ""
    return folder


def run(folder, command):
    path = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    done = subprocess.run(
        command.split(), cwd=folder, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, **path},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


def block(page, info):
    """The fenced block of a page whose info string this is."""
    found = re.search(rf"^```{info}\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return found[1].replace("\\\n", "")


def measured(text):
    """What the pipeline is to say of a text."""
    lengths = defaultdict(list)
    for word in re.findall("[a-z]{2,}", text, re.IGNORECASE | re.ASCII):
        lengths[word[0].lower()].append(len(word))
    return {
        letter: {"count": len(held), "sum": sum(held), "average": sum(held) / len(held)}
        for letter, held in sorted(lengths.items())
    }


def told(printed):
    """What it has said, by letters."""
    return {record["key"]: record["data"] for record in map(json.loads, printed.splitlines())}


@pytest.fixture(scope="module")
def first(clone):
    """The first run, of the command that the README has."""
    words = block(ROOT / "README.md", "sh run").splitlines()
    assert words[1:] == ["just quickstart", f"wardian up {FILE}"]
    return run(clone, words[2])


def test_it_measures_the_words_of_a_real_text_and_ends_with_a_summary(clone, first):
    text = (clone / "guest_examples" / "quickstart" / "text.txt").read_text("utf-8")
    assert told(first.stdout) == measured(text)
    assert len(text) > 100_000
    assert first.stderr == f"words: done: {text.count(chr(10)):,} records in, 26 out\n"


def test_it_prints_what_the_readme_shows(first):
    shown = ROOT.joinpath("README.md").read_text("utf-8").partition("```sh run")[2].partition("```text\n")[2]
    lines = shown.partition("```")[0].replace("\n…\n", "\n…").split("…")
    assert re.fullmatch("(?:.|\n)*".join(map(re.escape, lines)), first.stdout + first.stderr)


def test_the_readme_shows_the_file():
    text = (ROOT / FILE).read_text("utf-8")
    assert block(ROOT / "README.md", "yaml quickstart") == text[text.index("plugins:") :]


def test_what_was_delivered_is_not_delivered_again(clone, first):
    again = run(clone, f"wardian up {FILE}")
    assert (again.stdout, again.stderr) == ("", "words: done: 0 records in, 0 out\n")


def test_a_new_copy_of_the_text_is_read_anew(clone, first):
    run(clone, "just quickstart")
    assert told(run(clone, f"wardian up {FILE}").stdout) == told(first.stdout)


def test_killed_in_the_middle_it_goes_on_with_its_open_window_and_no_word_counts_twice(clone):
    run(clone, "just quickstart")
    command = [
        sys.executable,
        "-m",
        "wardian",
        "up",
        FILE,
        "--state",
        "killed",
        "--set",
        "pipelines.words.batch.count=100",
    ]
    printed = ""
    for seconds in (0.3, 0.6, 0.9):
        process = subprocess.Popen(command, cwd=clone, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        began = clone / "killed" / "pipelines" / "words.db-wal"
        until = time.monotonic() + 60
        while not began.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(seconds)
        process.kill()
        printed += process.communicate()[0]
    printed += subprocess.run(command, cwd=clone, capture_output=True, text=True, timeout=300, check=True).stdout
    text = (clone / "guest_examples" / "quickstart" / "text.txt").read_text("utf-8")
    assert told(printed) == measured(text)


def test_its_page_prints_what_it_shows(clone):
    page = ROOT / "guest_examples" / "quickstart"
    done = run(clone, block(page / "README.md", "sh example"))
    assert done.stdout == (page / "expected.jsonl").read_text("utf-8")
    assert done.stdout.startswith(block(page / "README.md", "json").removesuffix("…\n"))
    assert told(done.stdout) == measured((page / "input.txt").read_text("utf-8"))


def test_its_plan_is_drawn_before_anything_is_there(clone):
    drawn = run(clone, f"wardian plan {FILE}").stdout
    assert [line.split()[1] for line in drawn.splitlines()[1:6]] == [
        "text", "split-words", "measure-words", "average", "letters",
    ]  # fmt: skip
