"""What a project's names stand for, and what is checked before any of it runs; with real guests."""

from __future__ import annotations

import shutil

import pytest

import wardian
from support.projects import ALL, HEAD, Folder, said
from wardian.tasks.events import Warned

DO = "{action: 'obedient:do', params: {do: greet, with: Ada}}"


@pytest.fixture
def folder(tmp_path, c_guest, cache):
    return Folder(tmp_path, c_guest, cache)


def refused(folder, text, kind=wardian.ConfigError, **given):
    events = []
    with folder.open(text, **given) as project, pytest.raises(kind) as caught:
        project.run_task("t", on_event=events.append)
    assert not [event for event in events if not isinstance(event, Warned)], "nothing has been started"
    return caught.value


class TestConfigurations:
    def test_a_named_action_has_its_own_configuration_and_a_symbol_that_of_its_package(self, folder):
        tasks = f"""
        actions:
          politely: {{plugin: obedient, symbol: do, config: {{greeting: Good day}}}}
          loudly: {{plugin: obedient, section: loud}}
        tasks: {{t: [{DO}, {DO.replace("obedient:do", "politely")}, {DO.replace("obedient:do", "loudly")}]}}
        """
        assert said(folder.run(tasks)[1]) == ["Hello, Ada", "Good day, Ada", "HELLO, Ada"]

    def test_a_later_layer_of_a_configuration_counts(self, folder):
        tasks = f"""
        actions: {{a: {{plugin: obedient, config: [{{greeting: one}}, {{greeting: two}}]}}}}
        tasks: {{t: [{DO.replace("obedient:do", "a")}]}}
        """
        assert said(folder.run(tasks)[1]) == ["two, Ada"]

    def test_a_configuration_that_breaks_the_plugins_schema_is_refused_with_file_and_line(self, folder):
        error = refused(
            folder,
            f"""
        actions: {{a: {{plugin: obedient, config: {{greeting: 5, gretting: x}}}}}}
        tasks: {{t: [{DO.replace("obedient:do", "a")}]}}
        """,
        )
        text = str(error)
        assert "wardian.yaml:7: actions.a.config" in text
        assert "greeting" in text
        assert "gretting" in text

    def test_a_configuration_that_the_plugin_refuses_is_refused_and_a_warning_is_told(self, folder):
        tasks = f"""
        actions: {{a: {{plugin: obedient, config: {{refuse: '%s'}}}}}}
        tasks: {{t: [{DO.replace("obedient:do", "a")}]}}
        """
        error = refused(folder, tasks % "I will not")
        assert error.problems == ("I will not",)
        _, events = folder.run(tasks % "")
        assert [event.text for event in events if isinstance(event, Warned)] == ["a: warn: an empty refusal"]
        assert said(events) == ["Hello, Ada"]

    def test_everything_that_is_wrong_is_told_at_once(self, folder):
        error = refused(
            folder,
            f"""
        actions:
          a: {{plugin: obedient, config: {{greeting: 5}}}}
          b: {{plugin: obedient, config: {{refuse: 'never'}}}}
          c: {{plugin: slow, enabled: false}}
        tasks: {{t: [{DO}, {DO.replace("obedient:do", "a")}, {{action: b}}, {{action: c}}, {{action: 'slow:quick'}}]}}
        """,
        )
        text = "\n".join(map(str, error.problems))
        for part in ("actions.a.config", "never", "the action `c` is disabled", "no such action `slow:quick`"):
            assert part in text


class TestWhatIsLoaded:
    def test_what_nothing_needs_is_neither_read_nor_loaded(self, folder):
        head = HEAD + "  gone: {source: ./gone.wasm}\n"
        with folder.open(f"tasks: {{t: [{DO}], u: [{{action: 'gone:x'}}]}}", head=head) as project:
            project.run_task("t")
            assert [(each.name, each.state) for each in project.plugins()] == [
                ("obedient", "bound"), ("slow", "not bound"), ("gone", "not bound"),
            ]  # fmt: skip
            with pytest.raises(wardian.PackageError, match="gone"):
                project.run_task("u")

    def test_a_plugin_that_is_disabled_is_not_loaded_and_says_so(self, folder):
        head = HEAD.replace("obedient: {", "obedient: {enabled: false, ")
        error = refused(folder, f"tasks: {{t: [{DO}]}}", head=head)
        assert "the plugin `obedient` is disabled" in error.message
        with folder.open(f"tasks: {{t: [{DO}]}}", head=head) as project:
            (plugin, _), (task,) = project.plugins(), project.tasks()
        assert (plugin.name, plugin.state) == ("obedient", "disabled")
        assert "is disabled" in task.problems[0]

    def test_tasks_are_listed_with_their_jobs_and_what_keeps_them_from_running(self, folder):
        tasks = """
        tasks:
          good: [{action: 'obedient:do', description: says something}, {task: bad}]
          bad: [{action: 'obedient:pass'}, {action: 'obedient:dont'}]
        """
        with folder.open(tasks) as project:
            good, bad = project.tasks()
        assert (good.name, good.description, good.jobs) == ("good", "says something", ("obedient:do", "task bad"))
        assert good.problems == bad.problems
        assert "`obedient:pass` is a processor and no action" in bad.problems[0]
        assert "no such action `obedient:dont`" in bad.problems[1]
        assert "did you mean `obedient:do`?" in bad.problems[1]


class TestNames:
    def test_a_plugin_is_known_by_its_name_here_and_by_its_own(self, folder):
        for name in ("mine", "obedient", "wardian-tests/obedient"):
            head = HEAD.replace("  obedient:", "  mine:")
            assert said(folder.run(f"tasks: {{t: [{DO.replace('obedient', name)}]}}", head=head)[1]) == ["Hello, Ada"]

    def test_a_name_that_two_plugins_answer_to_is_refused_and_both_are_named(self, folder):
        shutil.copy(folder.path / "obedient.wasm", folder.path / "again.wasm")
        head = HEAD.replace("  slow:", f"  again: {{source: ./again.wasm, grants: {ALL}}}\n  slow:")
        error = refused(folder, f"tasks: {{t: [{DO}]}}", head=head)
        assert "the plugins `obedient` and `again` both offer it" in error.message
        assert said(folder.run(f"tasks: {{t: [{DO.replace('obedient:', 'again:')}]}}", head=head)[1]) == ["Hello, Ada"]

    def test_a_module_that_describes_nothing_is_used_by_a_named_action(self, folder, guest):
        head = HEAD + f"  bare: {{source: {guest('echoes')}}}\n"
        error = refused(folder, "tasks: {t: [{action: 'bare:x'}]}", wardian.PackageError, head=head)
        assert "does not say what it holds" in error.message


class TestPermissions:
    def test_a_use_has_no_more_than_its_plugin_and_may_have_less(self, folder):
        less = """
        actions: {a: {plugin: obedient, symbol: do, grants: {actions: false}}}
        tasks: {t: [{action: a}]}
        """
        assert refused(folder, less, wardian.PermissionDenied).imports == ("wardian.action_call",)
        with pytest.raises(wardian.ConfigError, match="state"):
            folder.open(less.replace("actions: false", "state: true"))
        with pytest.raises(wardian.ConfigError, match="deadline"):
            folder.open(less.replace("grants: {actions: false}", "limits: {deadline: 60s}"))

    def test_each_call_of_an_action_has_an_instance_to_itself(self, folder):
        tasks = f"tasks: {{t: [{', '.join([DO.replace('{action', '{async: true, action')] * 20)}]}}"
        assert said(folder.run(tasks)[1]) == ["Hello, Ada"] * 20


class TestSecrets:
    """Case 119."""

    def test_a_secret_reaches_its_plugin_and_is_masked_where_the_plugin_says_it(self, folder):
        tasks = f"""
        secrets: {{token: {{env: TOKEN}}}}
        actions: {{a: {{plugin: obedient, symbol: do, config: {{greeting: '${{secret:token}}'}}}}}}
        tasks:
          t:
            - {DO.replace("obedient:do", "a")}
            - {{action: 'obedient:do', params: {{do: say, with: 'in params ${{secret:token}}'}}}}
            - {{action: 'obedient:do', vars: {{key: '${{secret:token}}'}}, params: {{do: get, with: key}}}}
        """
        replies, events = folder.run(tasks, environ={"TOKEN": "s3cret-t0ken-{{ x }}"})
        assert said(events) == ["***, Ada", "in params ***"]
        assert replies[2] == "s3cret-t0ken-{{ x }}"

    def test_a_secret_that_is_too_short_to_be_masked_everywhere_is_warned_of(self, folder):
        tasks = """
        secrets: {pin: {env: PIN}}
        tasks: {t: [{action: 'obedient:do', params: {do: say, with: 'is ${secret:pin}'}}]}
        """
        _, events = folder.run(tasks, environ={"PIN": "4711"})
        assert said(events) == ["is ***"]
        (warned,) = [event for event in events if isinstance(event, Warned)]
        assert "secrets.pin" in warned.text
        assert "4711" not in warned.text

    def test_a_secret_in_an_error_is_masked_in_all_that_is_told_of_it(self, folder):
        tasks = """
        secrets: {token: {env: TOKEN}}
        tasks: {t: [{action: 'obedient:do', params: {do: fail, with: 'wrong: ${secret:token}'}}]}
        """
        events = []
        with (
            folder.open(tasks, environ={"TOKEN": "s3cret-t0ken"}) as project,
            pytest.raises(wardian.TaskFailed) as caught,
        ):
            project.run_task("t", on_event=events.append)
        assert "wrong: ***" in str(caught.value)
        for told in (repr(caught.value), str(caught.value.__cause__), repr(caught.value.__cause__), repr(events)):
            assert "s3cret" not in told

    def test_a_refused_configuration_does_not_show_the_secret_in_it(self, folder):
        error = refused(
            folder,
            """
        secrets: {token: {env: TOKEN}}
        actions: {a: {plugin: obedient, symbol: do, config: {refuse: 'I know ${secret:token}'}}}
        tasks: {t: [{action: a}]}
        """,
            environ={"TOKEN": "s3cret-t0ken"},
        )
        assert error.problems == ("I know ***",)
