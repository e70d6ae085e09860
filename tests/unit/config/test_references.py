"""`wardian.config.references`: whatever names something else leads there."""


def test_a_plugin_that_is_not_there_is_told_with_the_nearest_name(problems):
    (problem,) = problems("plugins: {ticker: {source: ./a.wasm}}\nsources:\n  x:\n    plugin: tickr\n")
    assert (problem.line, problem.path, problem.hint) == (5, "sources.x.plugin", "did you mean `ticker`?")


def test_a_use_may_only_narrow_what_its_plugin_has(problems):
    found = problems(
        """\
        plugins: {p: {source: ./p.wasm, limits: {memory: 4MiB}, grants: {clock: true, http: [a.example]}}}
        sources:
          x:
            plugin: p
            limits:
              memory: 8MiB
              deadline: 50ms
            grants:
              state: true
              clock: false
              http: [a.example, b.example]
        """
    )
    assert [(each.line, each.path) for each in found] == [
        (7, "sources.x.limits.memory"), (10, "sources.x.grants.state"), (12, "sources.x.grants.http"),
    ]  # fmt: skip
    assert "`4MiB`" in found[0].expected
