"""In an empty folder, for each language and kind that there is a template of: `wardian new`, `build`, and `test`."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from support.commands import wardian
from wardian.package.manifest import KINDS
from wardian.toolchain import languages, sdk, templates
from wardian.toolchain.describing import described

EVERY = [(language, kind) for language in languages.NAMES for kind in templates.kinds(language)]


def run(*args):
    done = wardian(*args, seconds=600)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return json.loads(done.stdout)


@pytest.mark.parametrize(("language", "kind"), [pytest.param(*each, id="-".join(each)) for each in EVERY])
def test_a_new_plugin_builds_passes_its_cases_and_keeps_the_promises_of_its_kind(
    language, kind, tmp_path, monkeypatch, record_property
):
    monkeypatch.chdir(tmp_path)
    began = time.monotonic()
    new = run("new", "word-count", "--language", language, "--kind", kind, "--json")
    built = run("build", "word-count", "--json")
    tested = run("test", "word-count", "--json")
    record_property("newcomer", language)
    record_property("seconds", round(time.monotonic() - began, 2))
    record_property("build_seconds", built["seconds"])
    record_property("bytes", built["size"])

    assert (built["name"], built["language"]) == ("acme/word-count", language)
    assert tested["promises"]["conforms"]
    assert len(tested["cases"]) >= 3
    assert all(each["passed"] for each in tested["cases"])
    files = [Path(each) for each in new["files"]]
    assert {"plugin.yaml", "cases.yaml"} <= {each.name for each in files}
    assert not [each for each in files if named(each)]
    assert not list(Path(tmp_path).glob("[!w]*")), "something was written beside the plugin"


def named(path):
    """Whether a file still has the name of the template in it."""
    text = path.name + path.read_text("utf-8")
    return any(name in text for name in ("new_plugin", "new-plugin", "NewPlugin", "newPlugin", "NEW_PLUGIN"))


def test_every_language_with_an_sdk_of_its_own_has_a_template_of_every_kind():
    short = {language: templates.kinds(language) for language in languages.NAMES if language != "wat"}
    assert {language: kinds for language, kinds in short.items() if kinds != KINDS} == {}


def test_templates_of_one_kind_say_the_same_of_themselves_in_every_language():
    for language, kind in EVERY:
        own, first = (sdk.folder() / languages.folder(each) / "templates" / kind for each in (language, "c"))
        mine, theirs = described(own / "plugin.yaml").to_value(), described(first / "plugin.yaml").to_value()
        assert mine["build"]["language"] == language
        for each in (mine, theirs):
            each.pop("build")
            each.pop("limits", None)  # a language with an engine in its modules needs more than others
        assert mine == theirs, f"{language}, {kind}"
        assert (own / "cases.yaml").read_bytes() == (first / "cases.yaml").read_bytes(), f"{language}, {kind}"
