"""`wardian.config.pipeline`: which names go where."""

HEAD = (
    "plugins: {p: {source: ./p.wasm}}\nsources: {in: {plugin: p}}\nsteps: {s: {plugin: p}}\nsinks: {out: {plugin: p}}\n"
)


def test_a_pipeline_goes_from_sources_through_steps_into_sinks(project):
    made = project(HEAD + "pipelines: {a: {sources: [in], steps: [s], sinks: [out]}, b: {sources: [in], sinks: [out]}}")
    assert made.pipelines["a"].steps == ("s",)
    assert made.pipelines["b"].steps == ()


def test_names_that_lead_nowhere_stand_twice_or_are_missing_are_told(problems):
    found = problems(HEAD + "pipelines:\n  a: {sources: [inn], steps: [s, s], sinks: []}\n  b: {sources: [in]}\n")
    assert [(each.line, each.path) for each in found] == [
        (7, "pipelines.a.steps[1]"), (7, "pipelines.a.sinks"), (8, "pipelines.b"),
    ]  # fmt: skip
    (problem,) = problems(HEAD + "pipelines: {a: {sources: [inn], sinks: [out]}}")
    assert problem.hint == "did you mean `in`?"
