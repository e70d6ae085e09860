import threading

import pytest

from support.canned import canned
from wardian.errors import PackageError
from wardian.plugins.catalog import Catalog

REPLIES = {"function_call": [], "sink_write": None}


@pytest.fixture
def plugin(runtime):
    """Loads a plugin with these symbols under a name."""

    def loaded(name, *symbols, package="acme/tested", version="1.2.3"):
        return runtime.load(canned(REPLIES, *symbols, name=package, version=version), name=name)

    return loaded


def test_symbols_are_found_by_plugin_and_symbol(plugin):
    words, other = plugin("words", "function count", "sink keep"), plugin("other", "function count")
    catalog = Catalog([words, other])
    assert catalog.names() == ["other:count", "words:count", "words:keep"]
    found = catalog.find("words:keep")
    assert (found.plugin, found.symbol.kind) == (words, "sink")
    assert catalog.find("other:count").plugin is other
    assert repr(catalog) == "<Catalog: 3 symbols>"


def test_a_name_that_is_taken_is_refused_with_both_packages_and_nothing_is_added(plugin):
    catalog = Catalog([plugin("words", "function count")])
    other = plugin("words", "function new", "function count", package="evil/words", version="2.0.0")
    with pytest.raises(PackageError) as raised:
        catalog.add(other)
    assert raised.value.code == "name_taken"
    (problem,) = raised.value.problems
    assert "`words:count` is of acme/tested 1.2.3 (sha256 " in problem
    assert "now of evil/words 2.0.0 (sha256 " in problem
    assert catalog.names() == ["words:count"]


def test_what_is_not_there_is_refused_with_what_is_near(plugin):
    catalog = Catalog([plugin("words", "function count")])
    with pytest.raises(PackageError, match="no plugin has a symbol `words:cuont`") as raised:
        catalog.find("words:cuont")
    assert (raised.value.code, raised.value.hint) == ("no_such_symbol", "there is: words:count")
    with pytest.raises(PackageError) as raised:
        Catalog().find("a")
    assert raised.value.hint == "no plugin with symbols was added"


def test_a_plugin_that_describes_nothing_has_nothing_to_find(runtime):
    assert Catalog([runtime.load(canned(REPLIES))]).names() == []


def test_of_many_threads_one_gets_a_name(plugin):
    catalog, plugins, taken = Catalog(), [plugin("words", "function count") for _ in range(6)], []

    def add(each):
        try:
            catalog.add(each)
        except PackageError as error:
            taken.append(error)

    threads = [threading.Thread(target=add, args=(each,)) for each in plugins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), catalog.names()) == (5, ["words:count"])
