"""`wardian.engine.kept`: what a directory keeps, and what of it belongs to nobody."""

import pytest

from support.keepings import keep, put
from wardian.engine.directory import StateDirectory
from wardian.engine.kept import Kept, known, reset, shared
from wardian.state.sqlite import SqliteStore


@pytest.fixture
def directory(tmp_path):
    made = StateDirectory(tmp_path / "state")
    keep(made.pipeline("a"), "a", "parse", "gone", "")
    keep(made.pipeline("old"), "old", "parse")
    with SqliteStore(made.shared) as store:
        put(store, "plugin", "/", key=b"value")
    return made


def instances(directory, name):
    return [each.scope.instance for each in Kept.of(directory, name, None).holdings.state]


def test_what_the_configuration_has_no_more_is_an_orphan(directory):
    known_ = {"a": {"parse", "in"}}
    first, second = (Kept.of(directory, name, known_) for name in directory.pipelines())
    assert (first.pipeline, first.orphan, first.orphans) == ("a", False, ("gone",))
    assert (second.pipeline, second.orphan, second.orphans) == ("old", True, ())
    assert first.size == directory.pipeline("a").stat().st_size


def test_of_a_pipeline_that_does_not_run_any_member_is_known(directory):
    assert Kept.of(directory, "a", {"a": None}).orphans == ()


def test_without_a_configuration_nothing_is_an_orphan(directory):
    assert (Kept.of(directory, "old", None).orphan, Kept.of(directory, "a", None).orphans) == (False, ())


def test_a_file_that_cannot_be_read_is_told_and_left(directory):
    directory.pipeline("b").write_bytes(b"garbage" * 100)
    kept = Kept.of(directory, "b", {})
    assert (kept.holdings, kept.error.code, kept.orphan) == (None, "state_corrupt", True)
    assert directory.pipeline("b").read_bytes() == b"garbage" * 100


def test_what_is_disabled_is_known(pipelines):
    project = pipelines.load(
        "pipelines: {a: {sources: [timer], steps: [parse, mask], sinks: [lines]}, "
        "b: {sources: [timer], sinks: [lines], enabled: false}}",
    )
    assert known(project) == {"a": {"timer", "parse", "mask", "lines"}, "b": None}


@pytest.mark.parametrize(
    ("name", "left"),
    [("a/parse", ["a/", "a/gone"]), ("a/", ["a/gone", "a/parse"]), ("a/nobody", ["a/", "a/gone", "a/parse"])],
)
def test_what_is_reset_is_gone_and_all_else_stays(directory, name, left):
    assert reset(directory, name) == (name != "a/nobody")
    assert instances(directory, "a") == left
    assert instances(directory, "old") == ["old/parse"]
    assert len(shared(directory)) == 1


def test_a_whole_pipeline_is_reset(directory):
    assert reset(directory, "a")
    assert directory.pipelines() == ["old"]
    assert not reset(directory, "a")
    assert not reset(directory, "a/parse")


def test_what_all_share_is_reset(directory):
    assert reset(directory, "/")
    assert (shared(directory), reset(directory, "/")) == ((), False)
