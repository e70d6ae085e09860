from unit.state.stores import keep, look
from unit.transport.logs import OF_SOURCE, OF_STEP, letter
from wardian.transport.forgetful import Forgetful


def test_offsets_state_and_dead_letters_are_kept_while_it_is_open():
    keeper = Forgetful("words", ["lines"])
    keep(keeper.state, OF_SOURCE, n=b"1")
    keep(keeper.state, OF_STEP, n=b"1")
    keeper.append("lines", {"at": 1}, ())
    keeper.append("lines", None, ())
    keeper.commit(0, [letter()], (), {OF_STEP})
    keeper.checkpoint(patient=True)
    keeper.stages.rollback()
    keeper.stages.rollback("lines")
    assert (keeper.offset("lines"), keeper.dead) == ({"at": 1}, [letter()])
    assert (look(keeper.state, b"n", OF_SOURCE), look(keeper.state, b"n", OF_STEP)) == (b"1", None)
    keeper.close()
