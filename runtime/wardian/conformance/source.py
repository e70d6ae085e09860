"""Promises of sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wardian.conformance.promise import Promise, Verdict, failed, not_applicable, passed
from wardian.conformance.samples import NOW, poll, samples
from wardian.conformance.shown import shown

if TYPE_CHECKING:
    from wardian.conformance.session import Session
    from wardian.conformance.subject import Subject

_DEMANDS: Final = (0, 1, 2, 10, 1_000)
_POLLS: Final = 8
_DAY_MS: Final = 86_400_000
_NO_POLL: Final = "it has no `source_poll`"


def _demand(subject: Subject) -> Verdict:
    if not subject.has("source_poll"):
        return not_applicable(_NO_POLL)
    most = 0
    for demand in _DEMANDS:
        with subject.open() as session:
            for step in range(_POLLS):
                answer = session.ask("source_poll", poll(step, demand))
                count = len(_records(answer.value))
                most = max(most, count)
                if count > demand:
                    return failed(f"at most {demand} records", f"{count} records", answer.asked())
    return passed(f"at most {most} records in a poll")


def _resumes(subject: Subject) -> Verdict:
    if not subject.has("source_poll"):
        return not_applicable(_NO_POLL)
    with subject.open() as session:
        batches = _batches(session)
    if len(batches) < 2:
        return not_applicable("no two polls gave records with an `offset`")
    (first, offset), (second, _) = batches[0], batches[1]
    with subject.open(resume=offset) as session:
        resumed = _batches(session)
        if session.failure is not None:
            return failed("it opens with an offset that it gave", f"{session.failure.code}: {session.failure.message}")
    got = resumed[0][0] if resumed else []
    if got and repr(got) == repr(first) != repr(second):
        return failed(f"records after the offset {shown(offset)}", f"the same again: {shown(got, 120)}")
    return passed("with what came next" if repr(got) == repr(second) else "with other records")


def _stays_done(subject: Subject) -> Verdict:
    if not subject.has("source_poll"):
        return not_applicable(_NO_POLL)
    with subject.open() as session:
        done = False
        for step in range(_POLLS * 4):
            answer = session.ask("source_poll", poll(step))
            says_so = isinstance(answer.value, dict) and answer.value.get("done") is True
            if done and (_records(answer.value) or not says_so):
                return failed("no records, and `done`", answer.told(), answer.asked())
            done = says_so
    return passed() if done else not_applicable(f"it was not done after {_POLLS * 4} polls")


def _waits(subject: Subject) -> Verdict:
    if not subject.has("source_poll"):
        return not_applicable(_NO_POLL)
    longest = 0
    with subject.open() as session:
        for step in range(_POLLS):
            answer = session.ask("source_poll", {"now": NOW + step, "demand": 1})
            wait = answer.value.get("wait_ms", 0) if isinstance(answer.value, dict) else 0
            longest = max(longest, wait if isinstance(wait, int) else 0)
            if longest > _DAY_MS * 366:
                return failed("a wait of at most a year", f"{longest:,} ms", answer.asked())
    return passed(f"at most {longest:,} ms")


def _pushed(subject: Subject) -> Verdict:
    if not subject.has("source_request"):
        return not_applicable("it has no `source_request`")
    taken = 0
    given = samples("source", subject.samples)
    for each in given:
        answer = subject.once("source_request", each)
        if answer.crashed:
            return failed("a record, null, or an error", answer.told(), answer.asked())
        taken += answer.value is not None
    return passed(f"{taken} of {len(given)} became records")


def _batches(session: Session) -> list[tuple[list[Any], Any]]:
    """The polls that gave records with an offset, as both."""
    found = []
    for step in range(_POLLS):
        value = session.ask("source_poll", poll(step, 1)).value
        if _records(value) and "offset" in value:
            found.append((_records(value), value["offset"]))
    return found


def _records(value: Any) -> list[Any]:  # noqa: ANN401 - a reply
    records = value.get("records") if isinstance(value, dict) else None
    return records if isinstance(records, list) else []


PROMISES: Final = (
    Promise(
        "source.demand", "A poll gives no more records than were asked for; asked for none, it gives none.",
        "The demand is all that the host has room for.", "stop at `demand`, and keep the rest for the next poll",
        _demand,
    ),
    Promise(
        "source.resume", "Opened with the last offset as `resume`, it goes on after it.",
        "After a restart, what was delivered would come again.",
        "begin after `resume`, not at it", _resumes,
    ),
    Promise(
        "source.done", "Once it is done it stays done, and gives no more records.",
        "The host forgets a source that is done.", "keep that you are done until you are opened again", _stays_done,
    ),
    Promise(
        "source.wait", "It asks to be polled again within a year.",
        "A wait in the wrong unit never ends.", "`wait_ms` is milliseconds, `now` nanoseconds", _waits,
    ),
    Promise(
        "source.pushed", "What is pushed to it becomes a record, null, or an error.",
        "Whoever pushed waits for an answer.", "refuse what you do not know with the kind `invalid`", _pushed,
    ),
)  # fmt: skip
