"""What tests of logs share."""

from unit.state.stores import keep
from wardian.state.contract import Scope
from wardian.transport.contract import DeadLetter
from wardian.transport.journal import Journal

MOST = 10**9
OF_SOURCE = Scope("reader", "words/lines")
OF_STEP = Scope("counter", "words/count")


def journal(path, **more):
    given = {"queue_count": 1000, "queue_bytes": 2**30, "sources": ["lines"]} | more
    return Journal(path, pipeline="words", **given)


def records(first, last):
    return [{"data": number} for number in range(first, last + 1)]


def numbers(entries):
    return [entry.value["data"] for entry in entries]


def letter(number=1, **more):
    given = {
        "pipeline": "words", "member": "parse", "source": "lines", "cursor": number, "key": f"words/lines/{number}/0",
        "value": {"data": number}, "kind": "invalid", "code": "bad", "message": "no", "attempts": 3, "at_ms": 7,
    }  # fmt: skip
    return DeadLetter(**given | more)


def step(log, first, last, *, at=None, **more):
    """Read these, keep the last number as the state of a step, and commit."""
    entries = log.read(first - 1, last - first + 1, MOST, 0)
    assert numbers(entries) == list(range(first, last + 1))
    keep(log.state, OF_STEP, n=b"%d" % last)
    log.commit(last, **more)
