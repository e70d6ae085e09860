import pytest

from wardian.errors import PackageError
from wardian.plugins.refusal import no_such_entry, no_thread


def test_a_missing_entry_point_is_told_with_those_that_there_are():
    error = no_such_entry("gre\net", ("greet", "count"), "greeter")
    assert isinstance(error, PackageError)
    assert (error.code, error.where) == ("no_such_entry", "greeter")
    assert "gre\\net" in error.message
    assert error.hint == "the plugin's entry points: `greet`, `count`"


@pytest.mark.parametrize("known", [(), []])
def test_a_plugin_without_entry_points_says_so(known):
    assert no_such_entry("greet", known, "p").hint.endswith("none")


def test_a_thread_that_could_not_be_started_is_a_machine_that_is_busy():
    error = no_thread(RuntimeError("can't start new thread"))
    assert error.code == "busy"
    assert "can't start new thread" in error.message
