"""An example that is written in several languages is one plugin: the same replies, kinds of errors, lines and metrics.

What an error says may differ: many SDKs read a request into the author's types, and tell themselves what does not fit.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import wardian
from support.examples import description
from wardian import Grants, GuestError, Limits
from wardian.plugins.inspection import inspect
from wardian.toolchain import languages

EXAMPLES = Path(__file__).parents[2] / "guest_examples"
WRITTEN = [
    pytest.param(example, folder.name, id=f"{example}-{folder.name}")
    for example in ("count_words", "greet")
    for folder in sorted((EXAMPLES / example).iterdir())
    if folder.name in languages.FOLDERS
]
USERS = {"Ada": {"id": 7, "full_name": "Ada Lovelace"}, "Odd": {"full_name": 5}}
PATIENT = Limits(deadline=20, start_deadline=20)  # other tests load this machine

# What is asked, in this order, of one instance each; and which configurations are tried beside.
REQUESTS = {
    "greet": [
        ("greet", {"name": "Ada"}), ("greet", {"name": "Bob"}), ("greet", {"name": "Odd"}), ("greet", {"name": ""}),
        ("greet", {"name": "ü€😀"}), ("greet", {}), ("greet", None), ("greet", {"name": 5}), ("greet", ["Ada"]),
        ("extension_call", {"method": "greet", "argument": {"name": "Ada"}}),
        ("extension_call", {"method": "other", "argument": None}),
        ("extension_call", {"method": "greet", "argument": None}),
    ],
    "count_words": [
        ("count", "to be or not\nto be"), ("count", {"text": "ein Wort\tund  ähnliches\n"}), ("count", ""),
        ("count", "\n"),
        ("count", " \u00a0 x"), ("count", None), ("count", {"text": 1}), ("count", b"bytes"), ("totals", None),
        ("extension_call", {"method": "count", "argument": "a b"}),
        ("extension_call", {"method": "totals", "argument": None}),
        ("extension_call", {"method": "reset", "argument": None}),
        ("extension_call", {"method": "other", "argument": None}),
        ("totals", None), ("count", "x"), ("reset", None), ("totals", None),
    ],
}  # fmt: skip
CONFIGS = {
    "greet": [{}, {"greeting": "Grüß Gott"}, {"greeting": ""}, {"greeting": 5}],
    "count_words": [{}, {"min_length": 3}, {"min_length": 0}, {"min_length": "many"}, {"min_length": -1}],
}


@pytest.fixture(scope="session")
def story(cache, built_example):
    """All that an example in one language does, told once in a session."""
    told = {}

    def of(example, language):
        if (example, language) not in told:
            path = built_example(example, language)
            told[example, language] = [tell(cache, path, example, config) for config in CONFIGS[example]]
        return told[example, language]

    return of


def tell(cache, path, example, config):
    """Replies, errors, lines and metrics of all requests, under one configuration."""
    lines, answers = [], []
    with wardian.Runtime(cache=cache, on_log=lines.append) as runtime:
        plugin = runtime.load(
            path, name=example, config=config, limits=PATIENT, grants=Grants(state=example == "count_words"),
            functions={"lookup_user": USERS.get} if example == "greet" else None,
        )  # fmt: skip
        for entry, request in REQUESTS[example]:
            try:
                answers.append(plugin.call(entry, request))
            except GuestError as error:
                answers.append(error.kind)
            except wardian.ConfigError:
                answers.append("refuses its configuration")
                break
        heard = [(line.level, line.message, dict(line.fields)) for line in lines]
        metrics = {(series.name, series.kind, series.labels): read.value for series, read in plugin.metrics().items()}
    return answers, heard, metrics


@pytest.mark.parametrize(("example", "language"), WRITTEN)
def test_it_does_what_the_one_in_c_does(story, example, language):
    assert story(example, language) == story(example, "c")


@pytest.mark.parametrize(("example", "language"), WRITTEN)
def test_it_is_described_and_asks_for_what_the_one_in_c_asks_for(runtime, built_example, example, language):
    found, of_c = inspect(runtime, built_example(example, language)), inspect(runtime, built_example(example, "c"))
    assert found.package_fault == ""
    assert set(found.kinds) == set(of_c.kinds)
    needed, needed_by_c = (
        {need.capability for need in each.imports if need.access in ("granted", "function")} for each in (found, of_c)
    )
    assert needed == needed_by_c
    described = description(built_example(example, language).read_bytes())
    assert described["build"]["language"] == languages.FOLDERS[language]


@pytest.mark.parametrize(("example", "language"), WRITTEN)
def test_its_sources_are_short(example, language):
    folder = EXAMPLES / example / language
    sources = [each for each in folder.rglob("*") if each.is_file() and each.suffix not in (".wasm", ".sum")]
    assert all(len(each.read_text("utf-8").splitlines()) <= 120 for each in sources)


def test_the_files_of_an_example_say_what_it_replies(cache, built_example):
    given = [json.loads(line) for line in (EXAMPLES / "count_words" / "input.jsonl").read_text("utf-8").splitlines()]
    expected = [
        json.loads(line) for line in (EXAMPLES / "count_words" / "expected.jsonl").read_text("utf-8").splitlines()
    ]
    with wardian.Runtime(cache=cache) as runtime:
        for _, language in [each.values for each in WRITTEN if each.values[0] == "count_words"]:
            path = built_example("count_words", language)
            plugin = runtime.load(path, name=language, grants=Grants(state=True), limits=PATIENT)
            assert [plugin.call("count", each) for each in given] == expected
