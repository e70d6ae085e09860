"""`wardian.engine.engine`: what is started, changed, rolled back and stopped."""

import threading

import pytest

from support.pretend_runs import Ground
from unit.engine.conftest import HEAD
from wardian.engine.engine import Engine
from wardian.errors import ConfigError, StateError, Trap

ONE = "{sources: [timer], steps: [parse], sinks: [lines]}"
TWO = f"pipelines: {{a: {ONE}, b: {ONE}}}"
SECONDS = 60


@pytest.fixture
def ground():
    return Ground()


@pytest.fixture
def engine(pipelines, ground):
    """Makes an engine over a configuration, and closes it."""
    made = []

    def opened(text=TWO, *, head=HEAD, start=True, **more):
        pipelines.load(text, head)
        engine = Engine(pipelines.file, lambda _: ground, environ={"TOKEN": "a-long-token"}, **more)
        made.append(engine)
        if start:
            engine.start()
        return engine

    yield opened
    ground.opening.set()
    for each in made:
        each.close()


def states(engine):
    return {each.name: each.state for each in engine.pipelines}


class TestStarting:
    def test_all_pipelines_run_in_the_order_of_the_file(self, engine):
        assert states(engine()) == {"a": "running", "b": "running"}

    def test_one_that_cannot_start_keeps_no_other_from_running(self, engine, ground):
        ground.refuses.add("a")
        running = engine()
        assert states(running) == {"a": "failed", "b": "running"}
        assert [str(each) for each in running.failures.values()] == ["a is refused"]
        assert not running.wait(0.01)
        ground.of("b").finish()
        assert running.wait(SECONDS)

    @pytest.mark.parametrize("text", ["", "pipelines: {a: {sources: [timer], sinks: [lines], enabled: false}}"])
    def test_no_pipeline_is_a_mistake(self, engine, text):
        with pytest.raises(ConfigError, match="no pipeline that is enabled"):
            engine(text)

    def test_case_26_a_second_engine_on_the_same_state_is_refused(self, engine, tmp_path):
        first = engine()
        with pytest.raises(StateError) as caught:
            engine()
        assert caught.value.code == "state_in_use"
        engine(state=tmp_path / "other")
        first.close()
        engine()

    def test_its_state_lies_beside_the_file_or_where_it_is_told(self, engine, tmp_path):
        assert engine(start=False).directory.path == tmp_path / ".wardian"
        assert engine(start=False, state=tmp_path / "x").directory.path == tmp_path / "x"

    def test_what_cannot_be_made_ready_leaves_the_directory_free(self, pipelines, engine):
        pipelines.load(TWO)

        def broken(_):
            raise StateError("no ground")

        with pytest.raises(StateError, match="no ground"):
            Engine(pipelines.file, broken, environ={"TOKEN": "a-long-token"})
        engine()

    def test_levels_of_log_lines_are_those_of_the_configuration(self, engine):
        head = HEAD.replace("mask: {plugin: q}", "mask: {plugin: q, log_level: warn}")
        running = engine("pipelines: {a: {sources: [timer], steps: [parse, mask], sinks: [lines]}}", head=head)
        assert running.levels == {("a", "mask"): "warn"}

    def test_state_of_pipelines_that_are_no_more_is_known(self, engine):
        running = engine()
        running.directory.pipeline("gone").write_text("")
        running.directory.pipeline("a").write_text("")
        assert running.orphans == ["gone"]


class TestEnding:
    def test_it_is_over_when_all_are_done(self, engine, ground):
        running = engine()
        ground.of("a").finish()
        assert not running.wait(0.05)
        ground.of("b").finish()
        assert running.wait(SECONDS)

    def test_stopping_drains_all_of_them(self, engine):
        running = engine()
        assert running.stop()
        assert states(running) == {"a": "stopped", "b": "stopped"}
        assert running.failures == {}
        assert running.wait(SECONDS)

    def test_it_is_told_where_one_had_to_be_ended(self, engine, ground):
        running = engine()
        ground.of("b").drains = False
        assert not running.stop()

    def test_ending_drains_none(self, engine):
        running = engine()
        running.end()
        assert running.wait(SECONDS)
        assert states(running) == {"a": "stopped", "b": "stopped"}

    def test_closing_ends_them_and_frees_everything(self, engine, ground):
        running = engine()
        running.close()
        running.close()
        assert (states(running), ground.closed) == ({"a": "stopped", "b": "stopped"}, True)
        assert running.directory.holder() is None

    def test_case_24_what_is_still_being_opened_is_stopped_as_well(self, engine, ground):
        ground.opening.clear()
        running = engine(start=False)
        starting = threading.Thread(target=running.start)
        starting.start()
        stopping = threading.Thread(target=running.stop)
        stopping.start()
        ground.opening.set()
        for each in (starting, stopping):
            each.join(SECONDS)
        assert running.stop()
        assert all(run.state in ("stopped", "done") for run in ground.runs)

    def test_a_broken_plugin_stops_all_where_the_policy_says_so(self, engine, ground):
        running = engine(f"pipelines: {{a: {ONE[:-1]}, restart: {{policy: stop}}}}, b: {ONE}}}")
        ground.of("a").finish("stopped", Trap("x"))
        assert running.wait(SECONDS)
        assert states(running) == {"a": "stopped", "b": "stopped"}
        assert list(running.failures) == ["a"]


class TestReloading:
    def test_where_nothing_has_changed_nothing_is_done(self, engine, ground):
        running = engine()
        assert running.reload().changes == ()
        assert len(ground.runs) == 2

    def test_a_plugin_that_was_built_anew_is_swapped_in_each_pipeline(self, engine, ground, pipelines):
        running = engine()
        (pipelines.folder / "p.wasm").write_bytes(b"another")
        assert [str(each) for each in running.reload().changes] == [
            "swap a: `parse` changed",
            "swap b: `parse` changed",
        ]
        assert [each.swapped for each in ground.runs] == [["parse"], ["parse"]]
        assert running.reload().changes == ()

    def test_pipelines_come_go_and_begin_anew(self, engine, ground, pipelines):
        running = engine()
        first = ground.of("b")
        pipelines.load(f"pipelines: {{b: {ONE[:-1]}, batch: {{count: 5}}}}, c: {ONE}}}")
        assert [str(each) for each in running.reload().changes] == [
            "stop a: it is there no more", "restart b: `batch` changed", "start c",
        ]  # fmt: skip
        assert states(running) == {"b": "running", "c": "running"}
        assert (first.state, ground.of("a").state) == ("stopped", "stopped")
        assert len(ground.taken) == 2

    def test_case_18_a_configuration_that_is_broken_changes_nothing(self, engine, ground, pipelines):
        running = engine()
        pipelines.file.write_text("version: 1\npipelines: [")
        with pytest.raises(ConfigError):
            running.reload()
        assert states(running) == {"a": "running", "b": "running"}
        assert "wardian.yaml" in running.reload_error
        pipelines.load(TWO)
        running.reload()
        assert running.reload_error == ""

    def test_case_18_a_member_that_cannot_be_opened_leaves_the_old_one_in_its_place(self, engine, ground, pipelines):
        running = engine()
        before = {each.name: each.means.makeup for each in running.pipelines}
        ground.bad.add("parse")
        (pipelines.folder / "p.wasm").write_bytes(b"broken")
        reloaded = running.reload()
        assert [(change.what, change.pipeline) for change, _ in reloaded.failed] == [("swap", "a"), ("swap", "b")]
        assert "cannot be opened" in running.reload_error
        assert {each.name: each.means.makeup for each in running.pipelines} == before
        ground.bad.clear()
        assert len(running.reload().changes) == 2

    def test_case_18_what_fails_to_start_is_rolled_back_to_what_ran(self, engine, ground, pipelines):
        running = engine()
        old = ground.of("a")
        pipelines.load(TWO.replace("[lines]}", "[lines], batch: {count: 5}}", 1))
        ground.refuses.add("a")
        ((change, error),) = running.reload().failed
        assert (change.what, str(error)) == ("restart", "a is refused")
        running.pipelines[0].settle()
        assert (old.state, states(running)["a"]) == ("stopped", "running")
        assert running.pipelines[0].plan.rules.batch.count == 100

    def test_case_18_what_cannot_be_opened_is_known_before_the_old_one_stops(self, engine, ground, pipelines):
        running = engine()
        old = ground.of("a")
        pipelines.load(TWO.replace("[lines]}", "[lines], batch: {count: 5}}", 1))
        ground.bad.add("parse")
        ((change, error),) = running.reload().failed
        assert (change.what, "cannot be opened" in str(error)) == ("restart", True)
        assert (ground.of("a"), old.state) == (old, "running")

    def test_what_happens_is_said_of_its_pipeline(self, engine, ground, pipelines):
        said = []
        ground.refuses.add("b")
        running = engine(say=lambda level, message, *, pipeline: said.append((level, pipeline, message)))
        pipelines.load(f"pipelines: {{b: {ONE}}}")
        running.reload()
        assert said == [
            ("error", "b", "it cannot start: b is refused"), ("info", "a", "stop: it is there no more"),
            ("info", "b", "restart: it has failed"),
        ]  # fmt: skip

    def test_it_is_said_to_logging_where_nobody_else_is_told(self, engine, ground, caplog):
        ground.refuses.add("b")
        engine()
        assert caplog.record_tuples == [("wardian.engine", 40, "b: it cannot start: b is refused")]

    def test_one_that_has_failed_is_tried_again(self, engine, ground):
        ground.refuses.add("a")
        running = engine()
        assert [str(each) for each in running.reload().changes] == ["restart a: it has failed"]
        assert states(running) == {"a": "running", "b": "running"}

    def test_one_that_waits_for_its_schedule_is_changed_without_a_run(self, engine, ground, pipelines):
        running = engine(f"pipelines: {{a: {ONE[:-1]}, schedule: {{cron: '0 0 29 2 *'}}}}}}")
        (pipelines.folder / "p.wasm").write_bytes(b"another")
        assert [each.what for each in running.reload().changes] == ["swap"]
        assert (states(running), ground.runs) == ({"a": "scheduled"}, [])

    def test_once_it_stops_nothing_is_begun(self, engine, ground, pipelines):
        running = engine()
        running.stop()
        pipelines.load(f"pipelines: {{c: {ONE}}}")
        assert running.reload().changes == ()
        assert len(ground.runs) == 2

    def test_meanwhile_it_is_not_over(self, engine, ground, pipelines):
        running = engine(f"pipelines: {{a: {ONE}}}")
        pipelines.load(f"pipelines: {{b: {ONE}}}")
        ground.opening.clear()
        over = threading.Event()
        threading.Thread(target=lambda: running.wait() and over.set()).start()
        reloading = threading.Thread(target=running.reload)
        reloading.start()
        ground.of("a").wait(SECONDS)
        assert not over.wait(0.2)
        ground.opening.set()
        reloading.join(SECONDS)
        assert not over.is_set()
        ground.of("b").finish()
        assert over.wait(SECONDS)
