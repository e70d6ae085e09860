"""`wardian.config.job`: exactly one thing to do, and how."""

import pytest

HEAD = "plugins: {p: {source: ./p.wasm}}\nactions: {hello: {plugin: p}}\n"


def test_a_job_has_what_the_field_knows_of_jobs(project):
    made = project(
        HEAD
        + """\
tasks:
  all:
    - {action: "p:hello-world", params: {message: "Hello, {{ name }}"}, vars: {name: Eve, n: 1}, deadline: 200,
       delay: 1s}
    - {action: hello, async: true, if: "{{ x }}", description: greets}
    - {task: other}
    - {mixin: shared}
  other: [{action: hello}]
mixins: {shared: [{action: hello}]}
"""
    )
    first, second, *_ = made.tasks["all"]
    assert (first.deadline, first.delay, first.params.plain()) == (0.2, 1.0, {"message": "Hello, {{ name }}"})
    assert {name: each.plain() for name, each in first.vars.items()} == {"name": "Eve", "n": 1}
    assert (second.async_, second.if_, second.deadline) == (True, "{{ x }}", None)


@pytest.mark.parametrize(
    ("job", "path"),
    [
        ("{}", "[0]"), ("{action: hello, task: t}", "[0]"), ("{action: hello, deadline: soon}", "[0].deadline"),
        ("{action: nobody}", "[0].action"), ("{action: hello, expand: true}", "[0].expand"), ("{task: x}", "[0].task"),
        ("{mixin: x}", "[0].mixin"), ("{task: t}", "[0].task"), ("{mixin: m, params: {a: 1}}", "[0].params"),
        ("{action: hello, params: [1]}", "[0].params"), ("{action: hello, vars: {a: [1]}}", "[0].vars.a"),
        ("{action: hello, vars: {1a: 1}}", "[0].vars.1a"), ("{action: hello, async: 'yes'}", "[0].async"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_path(problems, job, path):
    found = problems(HEAD + f"tasks:\n  t:\n    - {job}\nmixins: {{m: [{{action: hello}}]}}\n")
    assert [(each.line, each.path) for each in found] == [(6, f"tasks.t{path}")]


def test_tasks_and_mixins_that_lead_back_to_themselves_are_told(problems):
    found = problems(
        HEAD + "tasks:\n  a: [{mixin: m}]\n  b: [{task: a}]\nmixins:\n  m:\n    - {action: hello}\n    - {task: b}\n"
    )
    assert {each.expected for each in found} == {"tasks that end", "mixins that end"}
    assert [(each.line, each.path) for each in found] == [
        (5, "tasks.a[0].mixin"), (6, "tasks.b[0].task"), (10, "mixins.m[1].task"),
    ]  # fmt: skip
