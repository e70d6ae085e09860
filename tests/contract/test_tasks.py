"""What `Project` promises to a program, with real guests."""

from __future__ import annotations

import threading
import time

import pytest

import wardian
from support.projects import HEAD, Folder, said
from wardian.tasks.events import JobDone, TaskStarted, Warned


@pytest.fixture
def folder(tmp_path, c_guest, cache):
    return Folder(tmp_path, c_guest, cache)


class TestWhatARunGives:
    def test_each_job_has_its_reply_its_time_and_its_receipt(self, folder):
        with folder.open("tasks: {t: [{action: 'slow:slow', params: {ms: 20}}]}") as project:
            result = project.run_task("t")
        (job,) = result.jobs
        assert (result.task, result.status) == ("t", "succeeded")
        assert (job.job, job.status, job.reply) == ("slow:slow", "succeeded", 20)
        assert result.seconds >= job.seconds >= 0.02
        assert job.receipt.wall_ns >= 20_000_000
        assert result.as_dict()["jobs"][0]["receipt"]["reply_bytes"] == 1

    def test_a_failure_is_an_error_with_the_plugins_own_as_its_cause_and_the_results_so_far(self, folder):
        tasks = """
        tasks:
          t: [{action: 'obedient:do', params: {do: say}}, {action: 'obedient:do', params: {do: fail, with: no}}]
        """
        with folder.open(tasks) as project, pytest.raises(wardian.TaskFailed) as caught:
            project.run_task("t")
        assert str(caught.value).startswith("task `t` returned an error on step 2: obedient: action_call: [invalid] no")
        assert isinstance(caught.value.__cause__, wardian.GuestError)
        assert [job.status for job in caught.value.result.jobs] == ["succeeded", "failed"]

    def test_a_task_that_is_not_there_is_named_with_those_that_are(self, folder):
        with (
            folder.open("tasks: {build: [{action: 'slow:slow'}]}") as project,
            pytest.raises(wardian.ConfigError) as caught,
        ):
            project.run_task("biuld")
        assert caught.value.message == "there is no task `biuld`"
        assert "did you mean `build`?" in caught.value.hint

    def test_names_of_variables_that_cannot_be_are_refused_together(self, folder):
        with (
            folder.open("tasks: {t: [{action: 'slow:slow'}]}") as project,
            pytest.raises(wardian.ConfigError) as caught,
        ):
            project.run_task("t", vars={"a b": 1, "1": 2, "fine": 3})
        assert len(caught.value.problems) == 2

    def test_a_closed_project_says_so(self, folder):
        project = folder.open("tasks: {t: [{action: 'slow:slow'}]}")
        project.close()
        project.close()
        assert project.closed
        with pytest.raises(wardian.WardianError) as caught:
            project.run_task("t")
        assert caught.value.code == "closed"


class TestCancelling:
    def test_cancel_ends_all_jobs_of_a_run_and_each_undoes_what_it_left_behind_once(self, folder):
        job = "{action: 'slow:slow', params: {ms: 20000}, async: true}"
        events = []

        def listen(event):
            events.append(event)
            if isinstance(event, TaskStarted):
                threading.Thread(target=later).start()

        def later():
            time.sleep(0.3)
            project.cancel()

        with folder.open(f"tasks: {{t: [{job}, {job}]}}") as project, pytest.raises(wardian.Cancelled):
            project.run_task("t", on_event=listen)
        assert said(events) == ["Cancel callback call: cancelled"] * 2
        assert [event.result.status for event in events if isinstance(event, JobDone)] == ["cancelled"] * 2

    def test_cancelling_one_job_by_its_deadline_leaves_another_of_the_same_plugin_alone(self, folder):
        tasks = """
        tasks:
          t:
            - {action: 'slow:slow', params: {ms: 600}, async: true}
            - {task: u, async: true}
          u: [{mixin: short}]
        mixins: {short: [{action: 'slow:slow', params: {ms: 20000}, deadline: 100ms}]}
        """
        with folder.open(
            tasks.replace("- {task: u, async: true}", "- {action: 'slow:slow', params: {ms: 100}}")
        ) as project:
            assert [job.reply for job in project.run_task("t").jobs] == [600, 100]
        with folder.open(tasks) as project, pytest.raises(wardian.TaskFailed) as caught:
            project.run_task("u")
        assert isinstance(caught.value.__cause__.__cause__, wardian.DeadlineExceeded)

    def test_ctrl_c_style_interruptions_of_the_listener_end_everything(self, folder):
        def listen(event):
            if said([event]):
                raise KeyboardInterrupt

        tasks = """
        tasks:
          t: [{action: 'slow:slow', params: {ms: 20000}, async: true}, {action: 'obedient:do', params: {do: say}}]
        """
        with folder.open(tasks) as project:
            start = time.monotonic()
            with pytest.raises(KeyboardInterrupt):
                project.run_task("t", on_event=listen)
            assert time.monotonic() - start < 10


class TestVariables:
    def test_an_action_reads_the_variables_of_its_job(self, folder):
        tasks = """
        vars: {name: World, greeting: 'Hello, {{ name }}'}
        tasks: {t: [{action: 'obedient:do', vars: {name: Eve}, params: {do: get, with: greeting}}]}
        """
        assert folder.run(tasks)[0] == ["Hello, Eve"]
        assert folder.run(tasks, vars={"name": "Bob"})[0] == ["Hello, Bob"]

    def test_an_action_is_told_the_variables_of_its_own_job_alone(self, folder):
        tasks = """
        vars: {secretive: 1}
        tasks: {t: [{action: 'obedient:do', vars: {name: Eve, n: 3}, params: {do: vars}}]}
        """
        assert folder.run(tasks)[0] == [{"name": "Eve", "n": 3}]

    def test_what_an_action_sets_is_read_by_later_jobs(self, folder):
        tasks = """
        tasks:
          t:
            - {action: 'obedient:do', params: {do: set, with: version, and: '1.2'}}
            - {action: 'obedient:do', params: {do: expand, with: 'v{{ version }}'}}
        """
        assert folder.run(tasks)[0] == [None, "v1.2"]

    def test_what_a_failed_action_set_is_forgotten(self, folder):
        tasks = """
        tasks:
          t: [{action: 'obedient:do', params: {do: call, with: inner}}]
          u: [{action: 'obedient:do', params: {do: set_and_fail, with: version, and: 1}}]
          v: [{action: 'obedient:do', params: {do: get, with: version}}]
        """
        with folder.open(tasks) as project:
            with pytest.raises(wardian.TaskFailed):
                project.run_task("u")
            assert project.run_task("v").jobs[0].reply is None

    def test_what_is_set_is_data_and_never_expanded(self, folder):
        tasks = """
        tasks:
          t:
            - {action: 'obedient:do', params: {do: set, with: a, and: '{{ b }}{% id %}'}}
            - {action: 'obedient:do', params: {do: expand, with: '{{ a }}'}}
        """
        assert folder.run(tasks, allow_shell=True)[0][1] == "{{ b }}{% id %}"

    def test_a_plugin_cannot_run_a_command_of_its_own_even_where_commands_are_allowed(self, folder):
        forged = """
        tasks:
          t:
            - action: 'obedient:do'
              params: {do: call, with: 'obedient:do', and: {do: expand, with: '{% id %}'}}
        """
        with folder.open(forged) as project, pytest.raises(wardian.TaskFailed, match="may not run commands") as caught:
            project.run_task("t", allow_shell=True)
        assert caught.value.__cause__.kind == "denied"

    def test_a_variable_that_goes_round_in_a_ring_is_the_actions_answer(self, folder):
        tasks = """
        vars: {a: '{{ b }}', b: '{{ a }}'}
        tasks: {t: [{action: 'obedient:do', params: {do: get, with: a}}]}
        """
        with folder.open(tasks) as project, pytest.raises(wardian.TaskFailed, match="`a` → `b` → `a`"):
            project.run_task("t")


class TestCallingActionsAndTasks:
    def test_an_action_calls_an_action_by_each_of_its_names(self, folder):
        tasks = """
        actions: {loudly: {plugin: obedient, symbol: do, section: loud}}
        tasks:
          t:
            - {action: 'obedient:do', params: {do: call, with: 'obedient:do', and: {do: greet, with: Ada}}}
            - {action: 'obedient:do', params: {do: call, with: loudly, and: {do: greet, with: Bob}}}
        """
        assert said(folder.run(tasks)[1]) == ["Hello, Ada", "HELLO, Bob"]

    def test_an_action_calls_a_task(self, folder):
        tasks = """
        tasks:
          t: [{action: 'obedient:do', vars: {name: Eve}, params: {do: call, with: 'task:u'}}]
          u: [{action: 'obedient:do', params: {do: say, with: hi}}, {action: 'slow:slow', params: {ms: 1}, async: true}]
        """
        replies, events = folder.run(tasks)
        assert replies == [{"task": "u", "status": "succeeded"}]
        assert [(event.task, event.level) for event in events if isinstance(event, TaskStarted)] == [("t", 0), ("u", 1)]

    def test_what_is_called_knows_what_the_caller_knows_and_keeps_what_it_sets(self, folder):
        tasks = """
        tasks:
          t:
            - action: 'obedient:do'
              vars: {name: Eve}
              params: {do: call, with: 'obedient:do', and: {do: expand, with: 'Hello, {{ name }}'}}
            - {action: 'obedient:do', params: {do: call, with: 'obedient:do', and: {do: set, with: a, and: 1}}}
            - {action: 'obedient:do', params: {do: get, with: a}}
        """
        assert folder.run(tasks)[0] == ["Hello, Eve", None, None]

    def test_an_action_that_is_not_there_is_answered(self, folder):
        tasks = "tasks: {t: [{action: 'obedient:do', params: {do: call, with: nobody}}]}"
        with (
            folder.open(tasks) as project,
            pytest.raises(wardian.TaskFailed, match="there is no action `nobody`") as caught,
        ):
            project.run_task("t")
        assert caught.value.__cause__.kind == "not_found"

    def test_the_failure_of_what_was_called_is_answered(self, folder):
        tasks = """
        tasks:
          t: [{action: 'obedient:do', params: {do: call, with: 'task:u'}}]
          u: [{action: 'obedient:do', params: {do: fail, with: no luck}}]
        """
        with (
            folder.open(tasks) as project,
            pytest.raises(wardian.TaskFailed, match="task `u` returned an error on step 1"),
        ):
            project.run_task("t")

    def test_a_task_that_calls_itself_through_an_action_comes_to_an_end(self, folder):
        tasks = "tasks: {t: [{action: 'obedient:do', async: true, params: {do: call, with: 'task:t'}}]}"
        with folder.open(tasks) as project, pytest.raises(wardian.TaskFailed) as caught:
            project.run_task("t")
        assert "calls nest at most 8 deep" in str(caught.value)

    def test_what_was_called_ends_with_its_caller(self, folder):
        tasks = """
        tasks:
          t: [{action: 'obedient:do', deadline: 200ms, params: {do: call, with: 'task:u'}}]
          u: [{action: 'slow:slow', async: true, params: {ms: 20000}}, {action: 'slow:slow', delay: 20s}]
        """
        events = []
        with folder.open(tasks) as project:
            start = time.monotonic()
            with pytest.raises(wardian.TaskFailed) as caught:
                project.run_task("t", on_event=events.append)
            assert time.monotonic() - start < 10
        assert isinstance(caught.value.__cause__, wardian.DeadlineExceeded)
        assert [event.text for event in events if isinstance(event, Warned)] == ["Job deadline exceeded"]
        assert sorted(said(events)) == ["Cancel callback call: deadline", "called off"]

    def test_what_was_called_ends_with_the_limit_of_its_caller_on_whatever_thread_it_is(self, folder):
        tasks = """
        tasks:
          t: [{action: 'obedient:do', params: {do: call, with: 'task:u'}}]
          u: [{action: 'slow:slow', async: true, params: {ms: 20000}}, {action: 'slow:slow', delay: 20s}]
        """
        with folder.open(tasks, head=HEAD.replace("deadline: 20s", "deadline: 300ms", 1)) as project:
            start = time.monotonic()
            with pytest.raises(wardian.TaskFailed) as caught:
                project.run_task("t")
            assert time.monotonic() - start < 10
        assert isinstance(caught.value.__cause__, wardian.DeadlineExceeded)

    def test_without_the_grant_no_action_is_called(self, folder):
        head = HEAD.replace("actions: true", "actions: false")
        tasks = "tasks: {t: [{action: 'obedient:do'}]}"
        with folder.open(tasks, head=head) as project, pytest.raises(wardian.PermissionDenied) as caught:
            project.run_task("t")
        assert caught.value.imports == ("wardian.action_call",)
