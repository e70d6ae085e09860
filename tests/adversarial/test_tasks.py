"""Files of tasks that somebody wrote to do harm, and plugins that use what tasks lend them to do so."""

from __future__ import annotations

import json
import time

import pytest

import wardian
from support.projects import HEAD, Folder
from wardian.tasks.plan import JOBS


@pytest.fixture
def folder(tmp_path, c_guest, cache):
    return Folder(tmp_path, c_guest, cache)


def refused(folder, text, **given):
    with pytest.raises(wardian.WardianError) as caught, folder.open(text) as project:
        project.run_task("t", **given)
    return caught.value


def written(tasks, **more):
    """JSON is YAML, and quotes whatever there is."""
    return "\n".join(f"{key}: {json.dumps(value)}" for key, value in {"tasks": tasks, **more}.items())


def do(verb, with_="", **more):
    return {"action": "obedient:do", "params": {"do": verb, "with": with_, **more}}


def test_tasks_and_mixins_that_lead_back_to_themselves_are_refused_when_the_file_is_read(folder):
    mixins = {"a": [{"mixin": "b"}], "b": [{"mixin": "a"}]}
    for text in (written({"t": [{"mixin": "a"}]}, mixins=mixins), written({"t": [{"task": "t", "if": "false"}]})):
        assert isinstance(refused(folder, text), wardian.ConfigError)


def test_mixins_that_multiply_are_refused_before_any_job_begins(folder):
    mixins = {f"m{at}": [{"mixin": f"m{at + 1}"}] * 10 for at in range(20)} | {"m20": [do("say")]}
    start = time.monotonic()
    error = refused(folder, written({"t": [{"mixin": "m0"}]}, mixins=mixins))
    assert f"at most {JOBS} are run" in error.problems[0]
    assert time.monotonic() - start < 60


def test_a_deep_chain_of_tasks_is_refused_before_any_job_begins(folder):
    tasks = (
        {"t": [{"task": "t0"}]} | {f"t{at}": [{"task": f"t{at + 1}"}] for at in range(1_000)} | {"t1000": [do("say")]}
    )
    assert "nested deeper than" in refused(folder, written(tasks)).problems[0]


def test_ten_thousand_jobs_run(folder):
    with folder.open(written({"t": [{"mixin": "m"}] * 10}, mixins={"m": [do("vars")] * 1_000})) as project:
        result = project.run_task("t")
    assert [len(job.jobs) for job in result.jobs] == [1_000] * 10
    assert {job.status for each in result.jobs for job in each.jobs} == {"succeeded"}


def test_a_thousand_asynchronous_jobs_run_on_few_threads(folder):
    with folder.open(written({"t": [{**do("vars"), "async": True}] * 1_000})) as project:
        assert {job.status for job in project.run_task("t").jobs} == {"succeeded"}


def test_a_task_that_calls_itself_through_an_action_ends(folder):
    for more in ({}, {"async": True}):
        error = refused(folder, written({"t": [{**do("call", "task:t"), **more}]}))
        assert "calls nest at most 8 deep" in str(error)


def test_an_action_that_calls_itself_ends(folder):
    params = {"do": "vars"}
    for _ in range(20):
        params = {"do": "call", "with": "obedient:do", "and": params}
    error = refused(folder, written({"t": [{"action": "obedient:do", "params": params}]}))
    assert "calls nest at most 8 deep" in str(error)


def test_a_task_that_multiplies_through_actions_ends_with_the_deadline_of_its_first_call(folder):
    head = HEAD.replace("deadline: 20s", "deadline: 500ms", 1)
    start = time.monotonic()
    with (
        folder.open(written({"t": [do("call", "task:t")] * 10}), head=head) as project,
        pytest.raises(wardian.TaskFailed),
    ):
        project.run_task("t")
    assert time.monotonic() - start < 30


def test_variables_that_explode_when_they_are_expanded_are_bounded(folder):
    values = {f"v{at}": f"{{{{ v{at + 1} }}}}" * 10 for at in range(12)} | {"v12": "x" * 100}
    start = time.monotonic()
    error = refused(folder, written({"t": [do("get", "v0")]}, vars=values))
    assert error.__cause__.kind == "exhausted"
    assert time.monotonic() - start < 30


def test_a_long_ring_of_variables_ends(folder):
    values = {f"v{at}": f"{{{{ v{(at + 1) % 1_000} }}}}" for at in range(1_000)}
    assert refused(folder, written({"t": [do("get", "v0")]}, vars=values)).__cause__.kind in {"invalid", "exhausted"}


def test_ten_thousand_variables_are_no_trouble(folder):
    values = {f"v{at}": f"{{{{ v{at + 1} }}}}" if at % 10 else "x" * 50 for at in range(9_999)} | {"v9999": "end"}
    with folder.open(written({"t": [do("get", "v9991"), do("expand", "{{ v1 }}")] * 50}, vars=values)) as project:
        assert {job.reply for job in project.run_task("t").jobs} == {"end", "x" * 50}


def test_a_huge_value_of_a_variable_reaches_its_plugin_or_is_refused_by_its_limits(folder):
    with folder.open(written({"t": [do("get", "big")]})) as project:
        assert project.run_task("t", vars={"big": "x" * 100_000}).jobs[0].reply == "x" * 100_000
    error = refused(folder, written({"t": [do("get", "big")]}), vars={"big": "x" * 20_000_000})
    assert isinstance(error, wardian.WardianError)


def test_what_all_jobs_of_a_task_set_together_is_bounded(folder):
    jobs = [do("set", f"v{at}", **{"and": "x" * 10_000}) for at in range(100)]
    error = refused(folder, written({"t": jobs}))
    assert error.__cause__.kind == "exhausted"
    assert 20 < error.step < 30


def test_names_and_texts_of_plugins_bring_no_control_characters_to_a_terminal(folder):
    error = refused(folder, written({"t": [do("fail", "\x1b[2J\x07\nfake: line")]}))
    assert "\x1b" not in str(error)
    assert "\n" not in str(error).partition("\nhint")[0]


def test_a_plugin_that_forges_commands_runs_none_of_them(folder, tmp_path):
    forged = f"{{% touch {tmp_path / 'pwned'} %}}"
    jobs = [
        do("set", "a", **{"and": forged}),
        do("expand", "{{ a }}"),
        do("call", "obedient:do", **{"and": {"do": "expand", "with": "{{ a }}"}}),
    ]
    with folder.open(written({"t": jobs})) as project:
        assert project.run_task("t", allow_shell=True).jobs[1].reply == forged
    assert not (tmp_path / "pwned").exists()
