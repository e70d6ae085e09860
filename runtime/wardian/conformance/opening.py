"""Promises of every kind about its life: it is opened, checked, configured and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wardian.abi.contract import PLUGIN_CHECK, PLUGIN_CLOSE, PLUGIN_OPEN
from wardian.conformance import wrong
from wardian.conformance.promise import Promise, Verdict, failed, not_applicable, passed
from wardian.conformance.samples import good, samples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wardian.conformance.session import Answer
    from wardian.conformance.subject import Subject

_ERROR: Final = 4  # the level of a remark that says that a configuration is wrong
# For each type of JSON schema, a value that is not of it.
_OTHER: Final[dict[str, tuple[Any, ...]]] = {
    "string": (1, None, ["a"], {"a": 1}, True),
    "integer": ("a", None, [1], {"a": 1}, 1.5),
    "number": ("a", None, [1], {"a": 1}),
    "boolean": ("true", None, 1, []),
    "array": ("a", 1, None, {"a": 1}),
    "object": ("a", 1, None, []),
    "null": ("a", 1, [], {}),
}


def _opens(subject: Subject) -> Verdict:
    if subject.is_command or not subject.has(PLUGIN_OPEN):
        with subject.open() as session:
            failure = session.failure
        if failure is not None:
            return failed("an instance starts", f"{failure.code}: {failure.message}")
        return passed("it has no `plugin_open`")
    answer = _opened(subject, subject.config)
    if answer.error is not None:
        return failed("it opens", answer.told(), answer.asked())
    return passed()


def _opens_twice(subject: Subject) -> Verdict:
    if subject.is_command:
        return not_applicable("a program is an instance of its own for each call")
    with subject.open() as first, subject.open() as second:
        failure = first.failure or second.failure
    return failed("two instances side by side", f"{failure.code}: {failure.message}") if failure else passed()


def _opens_with_more(subject: Subject) -> Verdict:
    if not subject.has(PLUGIN_OPEN):
        return not_applicable("it has no `plugin_open`")
    with subject.bare() as session:
        answer = session.ask(PLUGIN_OPEN, wrong.with_unknown(subject.opening()))
    return passed() if answer.error is None else failed("it opens all the same", answer.told(), answer.asked())


def _closes(subject: Subject) -> Verdict:
    if not subject.has(PLUGIN_CLOSE):
        return not_applicable("it has no `plugin_close`")
    kind, entries = subject.symbol.kind, subject.entries
    for work in ([], good(kind, samples(kind, subject.samples), entries)):
        with subject.open() as session:
            for entry, request in work:
                session.ask(entry, request)
            if session.failure is not None:
                continue  # it broke before, which other promises are about
            answer = session.ask(PLUGIN_CLOSE)
        if answer.error is not None or answer.value is not None:
            when = "after its work" if work else "as soon as it was opened"
            return failed("null", f"{answer.told()} ({when})", answer.asked())
    return passed()


def _wrong_types(subject: Subject) -> Verdict:
    if not (subject.has(PLUGIN_OPEN) and subject.symbol.schema):
        return not_applicable("it describes no configuration, or takes none")
    return _refusals(subject, [config for config, _ in _with_wrong_types(subject)])


def _unknown_key(subject: Subject) -> Verdict:
    if not subject.has(PLUGIN_OPEN) or (subject.symbol.schema or {}).get("additionalProperties") is not False:
        return not_applicable("its schema does not say `additionalProperties: false`, or it takes no configuration")
    return _refusals(subject, [{**subject.config, "wardian_unknown": 1}])


def _any_config(subject: Subject) -> Verdict:
    if not subject.has(PLUGIN_OPEN):
        return not_applicable("it has no `plugin_open`")
    asked = [subject.opening({}), *wrong.shapes(PLUGIN_OPEN, subject.opening())]
    asked += wrong.values(PLUGIN_OPEN, (*wrong.NUMBERS, *wrong.TEXTS))
    asked += [*wrong.deep(PLUGIN_OPEN, subject.limits), *wrong.many(PLUGIN_OPEN, subject.limits)]
    for request in asked:
        with subject.bare() as session:
            if not session.fits(request):
                continue
            answer = session.ask(PLUGIN_OPEN, request)
        if answer.crashed:
            return failed("it opens, or answers with an error", answer.told(), answer.asked())
    return passed(f"{len(asked)} requests")


def _checks(subject: Subject) -> Verdict:
    if not subject.has(PLUGIN_CHECK):
        return not_applicable("it has no `plugin_check`")
    with subject.bare() as session:
        answer = session.ask(PLUGIN_CHECK, subject.checking())
    if answer.error is not None:
        return failed("a list of `[level, message]`", answer.told(), answer.asked())
    if _errors(answer.value):
        return failed("no error about the configuration that it opens with", answer.told(), answer.asked())
    return passed(f"{len(answer.value)} remarks" if isinstance(answer.value, list) else "")


def _check_agrees(subject: Subject) -> Verdict:
    if not (subject.has(PLUGIN_CHECK) and subject.has(PLUGIN_OPEN)):
        return not_applicable("it has not both `plugin_check` and `plugin_open`")
    configs = [subject.config, {}, {"wardian_unknown": 1}, *(config for config, _ in _with_wrong_types(subject))]
    for config in configs:
        with subject.bare() as session:
            checked = session.ask(PLUGIN_CHECK, subject.checking(config))
        opened = _opened(subject, config)
        if checked.crashed or opened.crashed or checked.broke_wire or opened.broke_wire:
            continue  # other promises are about these
        refused = checked.error is not None or bool(_errors(checked.value))
        if refused != (opened.error is not None):
            says = "refuses" if refused else "has nothing against"
            does = "opens" if opened.error is None else f"`plugin_open` answers {opened.told()}"
            return failed("both come to the same", f"`plugin_check` {says} it, but it {does}", checked.asked())
    return passed(f"{len(configs)} configurations")


def _refusals(subject: Subject, configs: list[dict[str, Any]]) -> Verdict:
    for config in configs:
        answer = _opened(subject, config)
        if answer.crashed or (answer.refusal and answer.refusal.kind != "config"):
            return failed("it opens, or refuses with the kind `config`", answer.told(), answer.asked())
    return passed(f"{len(configs)} configurations")


def _opened(subject: Subject, config: object) -> Answer:
    with subject.bare() as session:
        return session.ask(PLUGIN_OPEN, subject.opening(config))


def _with_wrong_types(subject: Subject) -> Iterator[tuple[dict[str, Any], str]]:
    """The configuration with each of the schema's properties of another type than it says."""
    properties = (subject.symbol.schema or {}).get("properties", {})
    for name, said in properties.items() if isinstance(properties, dict) else ():
        kind = said.get("type") if isinstance(said, dict) else None
        for value in _OTHER.get(kind, ()) if isinstance(kind, str) else ():
            yield {**subject.config, name: value}, name


def _errors(remarks: object) -> list[object]:
    """Those of the remarks that say that a configuration is wrong; what is no list of remarks has none."""
    listed = remarks if isinstance(remarks, list) else []
    return [each for each in listed if isinstance(each, list) and each and each[0] == _ERROR]


PROMISES: Final = (
    Promise(
        "open.defaults", "It opens with the defaults of its description, or the configuration that was given.",
        "Whoever installs it begins with these.",
        "give `defaults` that `plugin_open` takes, or `--config FILE` where there can be none", _opens, opened=False,
    ),
    Promise(
        "open.twice", "Two instances are open side by side.", "A host opens one for each thread and each use.",
        "keep nothing outside the instance", _opens_twice,
    ),
    Promise(
        "open.unknown_keys", "It opens when its request holds keys that it does not know.",
        "Later hosts say more.", "read the keys that you know, and leave all others alone", _opens_with_more,
    ),
    Promise(
        "open.any_config", "Whatever it is opened with, it opens or answers with an error.",
        "A trap tells an operator nothing of what to mend.",
        "look at the type of each value of `config` before you use it", _any_config, opened=False,
    ),
    Promise(
        "config.wrong_types", "A setting of another type than its schema says is refused with `config`, or taken.",
        "`config` stops the instance and asks for the operator; other kinds are tried again.",
        "answer `plugin_open` with an error of the kind `config`", _wrong_types, opened=False,
    ),
    Promise(
        "config.unknown_key", "A setting that its schema does not have is refused with `config`, or ignored.",
        "A typo in a configuration has to be found.",
        "answer `plugin_open` with an error of the kind `config`", _unknown_key, opened=False,
    ),
    Promise(
        "check.remarks", "`plugin_check` has no error to tell of the configuration that it opens with.",
        "A host that checks first would never open it.",
        "reply a list of `[level, message]`; level 4 is for what `plugin_open` refuses", _checks, opened=False,
    ),
    Promise(
        "check.agrees", "`plugin_check` calls wrong what `plugin_open` refuses, and nothing else.",
        "A check that says otherwise is worse than none.",
        "let both use the same function", _check_agrees, opened=False,
    ),
    Promise(
        "close.answers", "`plugin_close` answers null, as soon as it is open and after its work.",
        "It is the last chance to let go of what it holds outside.",
        "reply null, whatever came before", _closes,
    ),
)  # fmt: skip
