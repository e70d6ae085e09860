"""`wardian.config.pipeline`: which names go where."""

HEAD = (
    "plugins: {p: {source: ./p.wasm}}\nsources: {in: {plugin: p}}\nsteps: {s: {plugin: p}}\nsinks: {out: {plugin: p}}\n"
)


def test_a_pipeline_goes_from_sources_through_steps_into_sinks(project):
    made = project(HEAD + "pipelines: {a: {sources: [in], steps: [s], sinks: [out]}, b: {sources: [in], sinks: [out]}}")
    assert [(each.name, each.path) for each in made.pipelines["a"].steps] == [("s", None)]
    assert made.pipelines["b"].steps == ()


def test_names_that_lead_nowhere_stand_twice_or_are_missing_are_told(problems):
    found = problems(
        HEAD + "pipelines:\n  a: {sources: [inn], steps: [s, {name: z}], sinks: []}\n  b: {sources: [in]}\n"
    )
    assert [(each.line, each.path) for each in found] == [
        (7, "pipelines.a.sinks"), (8, "pipelines.b"),
    ]  # fmt: skip
    (problem,) = problems(HEAD + "pipelines: {a: {sources: [in], steps: [{name: z, path: bad}], sinks: [out]}}")
    assert (problem.path, problem.expected) == ("pipelines.a.steps[0].name", "a name in `steps`")
    (problem,) = problems(HEAD + "pipelines: {a: {sources: [inn], sinks: [out]}}")
    assert problem.hint == "did you mean `in`?"


def test_a_step_may_stand_twice_and_take_the_records_of_one_output(project):
    made = project(HEAD + "pipelines: {a: {sources: [in], steps: [s, {name: s, path: bad}], sinks: [out]}}")
    assert [(each.name, each.path) for each in made.pipelines["a"].steps] == [("s", None), ("s", "bad")]


def test_what_is_left_out_loses_nothing_and_is_bounded(project):
    (made,) = project(HEAD + "pipelines: {a: {sources: [in], sinks: [out]}}").pipelines.values()
    assert (made.delivery, made.state, made.on_error.then) == ("at_least_once", "write_through", "dead_letter")
    assert (made.batch.count, made.queue.count, made.on_error.attempts) == (100, 10_000, 3)
    assert made.schedule is None
