"""`wardian.config.use`: a use of a plugin."""

PLUGIN = "plugins: {a: {source: ./a.wasm}}\n"


def test_a_configuration_is_a_map_or_a_list_of_maps(project):
    made = project(PLUGIN + "sources: {x: {plugin: a, config: [{i: 1s}, {i: 5s}]}, y: {plugin: a, config: {i: 2s}}}")
    assert [each.plain() for each in made.sources["x"].config] == [{"i": "1s"}, {"i": "5s"}]
    assert [each.plain() for each in made.sources["y"].config] == [{"i": "2s"}]
    assert made.sources["x"].enabled
    assert not made.sources["x"].fresh


def test_a_use_names_a_plugin_or_a_type(problems):
    found = problems(PLUGIN + "sources:\n  x: {symbol: a}\n  y: {plugin: a, type: file}\n")
    assert [(each.line, each.path) for each in found] == [(4, "sources.x"), (5, "sources.y")]
