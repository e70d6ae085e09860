from unit.state.stores import keep, look
from unit.transport.logs import OF_SOURCE, OF_STEP
from wardian.state.contract import Scope
from wardian.state.memory import MemoryStore
from wardian.transport.stages import Stages

SHARED = Scope("reader", "words/")


def test_what_sources_and_others_stage_is_apart_and_what_is_shared_belongs_to_no_source():
    below = MemoryStore()
    stages = Stages(below, "words", ["lines", "more"])
    for scope in (OF_SOURCE, OF_STEP, SHARED):
        keep(stages.state, scope, n=b"1")
    assert [each.scope for each in stages.of_source("lines")] == [OF_SOURCE]
    assert stages.of_source("more") == []
    assert [each.scope for each in stages.of_steps(())] == [OF_STEP, SHARED]
    stages.settle(stages.of_source("lines"), below=True)
    assert [usage.scope for usage in below.scopes()] == [OF_SOURCE]
    stages.rollback()
    assert (look(stages.state, b"n", OF_STEP), look(stages.state, b"n", OF_SOURCE)) == (None, b"1")


def test_scopes_are_listed_with_what_is_staged_of_them():
    stages = Stages(MemoryStore(), "words", ["lines"])
    keep(stages.state, OF_SOURCE, n=b"1")
    stages.settle(stages.of_source("lines"), below=True)
    keep(stages.state, OF_SOURCE, m=b"1")
    keep(stages.state, OF_STEP, n=b"1")
    assert [(usage.scope, usage.keys) for usage in stages.state.scopes()] == [(OF_STEP, 1), (OF_SOURCE, 2)]
