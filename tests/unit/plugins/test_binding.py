from wardian.package.manifest import Manifest, Symbol
from wardian.package.version import Version
from wardian.plugins.binding import Binding, bound, opening

SYMBOL = Symbol("source", "ticks", defaults={"a": 1, "b": 1}, sections={"fast": {"b": 2}, "same": {}})
MANIFEST = Manifest("acme/words", Version(1, 2, 3), (SYMBOL,))


def test_a_symbol_is_bound_with_its_defaults_its_section_and_the_layers():
    made = bound(SYMBOL, "fast", [{}, {"c": 3}])
    assert made == Binding("ticks", {"a": 1, "b": 2, "c": 3}, ({"a": 1, "b": 1}, {"b": 2}, {"c": 3}))
    assert bound(SYMBOL, "same", []).layers == (SYMBOL.defaults,)


def test_without_a_symbol_the_layers_are_all():
    assert bound(None, None, [{"a": 1}, {}]) == Binding("", {"a": 1}, ({"a": 1},))


def test_an_instance_is_told_where_it_is():
    asked = opening(bound(SYMBOL, None, []), "mine", "one", MANIFEST).request()
    run = asked["context"].pop("run")
    assert len(run) == 32
    assert asked == {
        "config": {"a": 1, "b": 1},
        "context": {
            "plugin": "acme/words", "version": "1.2.3", "symbol": "ticks", "instance": "one", "pipeline": "",
        },
        "layers": [{"a": 1, "b": 1}],
    }  # fmt: skip


def test_a_module_that_describes_nothing_is_told_the_name_that_it_was_given():
    context = opening(Binding(), "mine", "one", None).request()["context"]
    assert (context["plugin"], context["version"], context["symbol"]) == ("mine", "", "")


def test_where_to_resume_is_asked_anew_for_each_instance():
    offsets = iter([None, {"line": 7}])
    made = opening(Binding(resume=lambda: next(offsets)), "mine", "one", None)
    assert "resume" not in made.request()
    assert made.request()["resume"] == {"line": 7}


def test_all_instances_of_a_binding_are_of_one_run():
    made = opening(Binding(), "mine", "one", None)
    assert made.request()["context"]["run"] == made.request()["context"]["run"]
    assert made.request()["context"]["run"] != opening(Binding(), "mine", "one", None).request()["context"]["run"]


def test_a_configuration_is_not_shown():
    assert "secret" not in repr(bound(SYMBOL, None, [{"password": "secret"}]))
