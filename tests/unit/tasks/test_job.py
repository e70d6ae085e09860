"""One job: its condition, its delay, its deadline, what it is given."""

from __future__ import annotations

import threading
import time

import pytest

from support.jobs import job
from support.runs import run
from wardian import expression as expressions
from wardian.errors import Cancelled, DeadlineExceeded, ExpressionError, GuestError
from wardian.tasks.cancellation import Cancellation
from wardian.tasks.events import JobStarted, Warned
from wardian.tasks.variables import JobVariables


def one(this, actions=None, **given):
    """Run a task of one job; its result, the error of the job, and what was told."""
    result, error, told = run({"t": [this]}, actions or {"a": lambda *_: None}, **given)
    return (result.jobs[0] if result.jobs else None), error and error.__cause__, told


def sees(params, running):
    return params


def expand(text, running):
    variables = JobVariables(running)
    return expressions.expand(text, variables.values(), variables.shell(text))


def knows(params, running):
    return expand(params["text"], running)


def sets(**values):
    return lambda _, running: JobVariables(running).apply({name: (value, 1) for name, value in values.items()})


def test_parameters_are_given_as_they_stand_in_the_file():
    result, _, _ = one(job(action="a", params={"message": "Hello, {{ name }}"}), {"a": sees})
    assert result.reply == {"message": "Hello, {{ name }}"}


def test_parameters_are_expanded_by_the_host_where_the_job_says_so():
    params = {"message": "Hello, {{ name }}", "list": ["{{ name }}", 2]}
    result, _, _ = one(job(action="a", params=params, expand=True), {"a": sees}, file={"name": "World"})
    assert result.reply == {"message": "Hello, World", "list": ["World", 2]}


def test_a_plugin_expands_texts_with_the_variables_of_its_job():
    this = job(action="a", params={"text": "Hello, {{ name }}"}, vars={"name": "{{ first }} Lovelace"})
    result, _, _ = one(this, {"a": knows}, file={"name": "World", "first": "Ada"})
    assert result.reply == "Hello, Ada Lovelace"


def test_a_plugin_is_given_the_variables_of_its_own_job_and_no_others():
    this = job(action="a", vars={"name": "{{ other }}", "n": 3})
    result, _, _ = one(this, {"a": lambda _, running: running.own}, file={"other": "World"}, given={"n": "4"})
    assert result.reply == {"name": "World", "n": "4"}


def test_what_a_job_sets_is_known_to_the_next_and_its_own_variables_are_not():
    actions = {"set": sets(version="1.2"), "a": knows}
    tasks = {
        "t": [
            job(action="set", vars={"own": 1}),
            job(action="a", params={"text": "{{ version }} {{ own | default('-') }}"}),
        ]
    }
    result, error, _ = run(tasks, actions)
    assert error is None
    assert result.jobs[1].reply == "1.2 -"


def test_what_a_called_task_sets_is_not_known_to_its_caller():
    actions = {"set": sets(version="1.2"), "a": knows}
    text = {"text": "{{ version | default('none') }}"}
    tasks = {"t": [job(task="u"), job(action="a", params=text)], "u": [job(action="set"), job(action="a", params=text)]}
    result, _, _ = run(tasks, actions)
    assert result.jobs[0].jobs[1].reply == "1.2"
    assert result.jobs[1].reply == "none"


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("n > 2", "succeeded"),
        ("n > 3", "skipped"),
        ("{{ name == 'Ada' }}", "succeeded"),
        ("missing is defined", "skipped"),
    ],
)
def test_a_job_is_done_where_its_condition_holds(condition, status):
    result, error, told = one(job(action="a", if_=condition), file={"n": 3, "name": "Ada"})
    assert error is None
    assert result.status == status
    assert len(told.of(JobStarted)) == (status == "succeeded")


def test_a_condition_that_is_neither_true_nor_false_fails_the_job():
    _, error, _ = one(job(action="a", if_="deploy"), given={"deploy": "false"})
    assert isinstance(error, ExpressionError)
    assert "a condition gives true or false, this one gives 'false'" in str(error)


def test_a_condition_may_be_a_command_where_a_shell_is_allowed(tmp_path):
    (tmp_path / "there").touch()
    for name, status in {"there": "succeeded", "gone": "skipped"}.items():
        result, _, _ = one(job(action="a", if_=f"{{% test -e {name} %}}"), shell=True, folder=tmp_path)
        assert result.status == status


def test_a_command_is_denied_unless_a_shell_is_allowed(tmp_path):
    for this in (
        job(action="a", if_="{% true %}"),
        job(action="a", vars={"me": "{% id %}"}),
        job(action="a", params={"text": "{% id %}"}, expand=True),
        job(action="a", params={"text": "{% id %}"}),
    ):
        result, error, _ = one(this, {"a": knows})
        assert result.status == "failed"
        assert isinstance(error, ExpressionError)
        assert error.kind == "denied"


def test_a_plugin_runs_no_command_but_those_that_stand_in_its_parameters():
    this = job(action="a", params={"text": "{% echo allowed %}"})
    result, _, _ = one(this, {"a": knows}, shell=True)
    assert result.reply == "allowed"
    _, error, _ = one(this, {"a": lambda _, running: expand("{% echo forged %}", running)}, shell=True)
    assert error.kind == "denied"


def test_a_delay_comes_before_the_job():
    start = time.monotonic()
    result, _, _ = one(job(action="a", delay=0.1), {"a": lambda *_: time.monotonic() - start})
    assert result.reply >= 0.1
    assert result.seconds >= 0.1


def test_a_delay_is_no_part_of_the_deadline():
    result, _, told = one(job(action="a", delay=0.3, deadline=0.2))
    assert result.status == "succeeded"
    assert told.of(Warned) == []


def test_a_delay_ends_when_the_run_is_cancelled():
    cancellation = Cancellation()
    threading.Timer(0.05, cancellation.cancel).start()
    start = time.monotonic()
    result, error, _ = run({"t": [job(action="a", delay=60)]}, {}, cancellation=cancellation)
    assert isinstance(error, Cancelled)
    assert result.jobs[0].status == "cancelled"
    assert time.monotonic() - start < 30


def long(params, running):
    running.level.cancellation.wait(30)
    running.level.cancellation.check()


def test_a_job_past_its_deadline_has_failed_and_a_warning_says_so():
    result, error, told = one(job(action="a", deadline=0.05), {"a": long})
    assert isinstance(error, DeadlineExceeded)
    assert (error.limit, error.value) == ("deadline", 0.05)
    assert result.status == "failed"
    assert result.seconds < 20
    assert told.of(Warned) == [Warned("Job deadline exceeded", "a")]


def test_the_deadline_of_a_task_ends_its_jobs_and_the_task_is_what_failed():
    tasks = {"t": [job(task="u", deadline=0.05)], "u": [job(action="a"), job(action="never")]}
    result, error, told = run(tasks, {"a": long})
    assert isinstance(error.__cause__, DeadlineExceeded)
    assert result.jobs[0].status == "failed"
    assert [(each.job, each.status) for each in result.jobs[0].jobs] == [("a", "cancelled")]
    assert told.of(Warned) == [Warned("Job deadline exceeded", "task u")]


def test_an_action_that_fails_before_its_deadline_fails_with_its_own_error():
    def fails(*_):
        raise GuestError("invalid", "no")

    _, error, told = one(job(action="a", deadline=30), {"a": fails})
    assert isinstance(error, GuestError)
    assert told.of(Warned) == []


def test_a_deadline_leaves_no_thread_behind():
    one(job(action="a", deadline=600))
    for _ in range(200):
        if not any(isinstance(thread, threading.Timer) for thread in threading.enumerate()):
            return
        time.sleep(0.05)
    raise AssertionError("a timer is still there")
