"""`wardian dead`: the records that pipelines gave up: shown, mended, sent on their way again, or forgotten."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

import click

from wardian.cli import json_text, terminal
from wardian.cli.exit_codes import OK, exit_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.transport.contract import DeadLetter

    Command = TypeVar("Command", bound=Callable[..., Any])

_STATE = click.option("--state", type=click.Path(), metavar="DIR", help="The state directory; by default `.wardian` "
    "beside the nearest wardian.yaml, upwards from here.")  # fmt: skip
_PIPELINE = click.option("--pipeline", metavar="NAME", help="Of this pipeline; by default of all.")
_FILTERS = (
    click.option("--member", default="", metavar="NAME", help="That failed in this step or sink."),
    click.option("--source", default="", metavar="NAME", help="That came from this source."),
    click.option("--kind", default="", metavar="KIND", help="With an error of this kind, such as invalid."),
    click.option("--code", default="", metavar="CODE", help="With an error of this code."),
)
_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")
_ALL = click.option("--all", "all_", is_flag=True, help="All of them, or all that the options leave.")
_LETTER = "PIPELINE/NUMBER"


def _filtered(command: Command) -> Command:
    for add in reversed(_FILTERS):
        command = add(command)
    return command


@click.group("dead", short_help="List, show, edit, replay or delete dead letters.")
def dead() -> None:
    """Look after dead letters: the records that pipelines gave up, each whole and with its error.

    A letter is named as `wardian dead list` shows it, such as words/12; with one pipeline its number is enough. All of
    this works while `wardian up` runs, and when it does not.
    """


@dead.command("list", short_help="List dead letters.")
@_STATE
@_PIPELINE
@_filtered
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True, help="So many at most.")
@_JSON
def list_(*, state: str | None, pipeline: str | None, limit: int, as_json: bool, **sought: str) -> int:
    """List dead letters, the oldest of each pipeline first: where each failed, why, and how often it was tried."""
    from wardian.cli import dead_files, dead_lines  # noqa: PLC0415 - what is loaded when it is needed
    from wardian.transport.dead_letters import Sought  # noqa: PLC0415

    found: list[DeadLetter] = []
    counts: dict[str, tuple[int, int]] = {}
    broken = dead_files.Broken()
    for letters in dead_files.each(dead_files.directory(state), pipeline, broken):
        with broken.told():
            counts[letters.pipeline] = letters.count()
            found += letters.some(Sought(**sought), most=limit - len(found))
    if as_json:
        told = {
            "dead": [dead_lines.as_dict(each) for each in found],
            "pipelines": {name: {"dead": count, "bytes": size} for name, (count, size) in counts.items()},
        }
        _give_json(told)
    else:
        terminal.give("\n".join(dead_lines.listed(found, counts)))
    return OK if broken.error is None else exit_code(broken.error)


@dead.command("show", short_help="Show one dead letter, whole.")
@click.argument("letter", metavar=_LETTER)
@_STATE
@_PIPELINE
@_JSON
def show(letter: str, *, state: str | None, pipeline: str | None, as_json: bool) -> None:
    """Show a dead letter: the record as it went into what failed, the error, its trace, and whose module it was."""
    from wardian.cli import dead_files, dead_lines  # noqa: PLC0415

    with dead_files.opened(state, pipeline, letter) as (letters, number):
        found = dead_files.require(letters, number)
    if as_json:
        _give_json(dead_lines.as_dict(found))
    else:
        terminal.give("\n".join(dead_lines.whole(found)))


@dead.command("edit", short_help="Put another record into a dead letter.")
@click.argument("letter", metavar=_LETTER)
@click.argument("value", required=False, metavar="[RECORD | @FILE | -]")
@click.option("--set", "set_", multiple=True, metavar="KEY=VALUE", help="Set `a.b` of the record; JSON or text.")
@_STATE
@_PIPELINE
def edit(
    letter: str, value: str | None, *, set_: tuple[str, ...], state: str | None, pipeline: str | None
) -> None:  # fmt: skip
    """Put another record in the place of the one that failed; its error stays until it is replayed.

    RECORD is a map of JSON with `data`. Without it and without --set, your editor is opened with the record. Bytes and
    points in time have no form of their own in JSON: they become text there; --set leaves all that it does not name.
    """
    from wardian.cli import dead_files, dead_record  # noqa: PLC0415

    with dead_files.opened(state, pipeline, letter) as (letters, number):
        found = dead_files.require(letters, number)
        mended = dead_record.mended(found.value, value, set_)
        if mended is None:
            terminal.say("nothing was changed")
            return
        if not letters.edit(number, mended):
            dead_files.require(letters, number)
        terminal.say(f"changed {letters.pipeline}/{number}; `wardian dead replay {letters.pipeline}/{number}` sends it")


@dead.command("replay", short_help="Send dead letters on their way again.")
@click.argument("letter", nargs=-1, metavar=f"[{_LETTER}…]")
@_ALL
@_STATE
@_PIPELINE
@_filtered
@_JSON
def replay(
    letter: tuple[str, ...], *, all_: bool, state: str | None, pipeline: str | None, as_json: bool, **sought: str
) -> None:  # fmt: skip
    """Send dead letters on their way again: each goes on where it failed.

    They go into the log of their pipeline and out of the dead letters in one step, so none is lost and none is sent
    twice. A pipeline that runs takes them at once, any other when it runs next. What fails again is a new letter.
    """
    from wardian.transport.dead_letters import DeadLetters  # noqa: PLC0415

    _act("replayed", DeadLetters.replay, letter, all_, state, pipeline, sought, as_json=as_json)


@dead.command("delete", short_help="Forget dead letters for good.")
@click.argument("letter", nargs=-1, metavar=f"[{_LETTER}…]")
@_ALL
@_STATE
@_PIPELINE
@_filtered
@_JSON
def delete(
    letter: tuple[str, ...], *, all_: bool, state: str | None, pipeline: str | None, as_json: bool, **sought: str
) -> None:  # fmt: skip
    """Forget dead letters for good."""
    from wardian.transport.dead_letters import DeadLetters  # noqa: PLC0415

    _act("deleted", DeadLetters.delete, letter, all_, state, pipeline, sought, as_json=as_json)


def _act(
    done: str, act: Callable[..., int], given: tuple[str, ...], all_: bool,  # noqa: FBT001 - as they are on the line
    state: str | None, pipeline: str | None, sought: dict[str, str], *, as_json: bool,
) -> None:  # fmt: skip
    """Do something to the letters that are named, or to all that are meant, and say to how many."""
    from wardian.cli import dead_files  # noqa: PLC0415
    from wardian.transport.dead_letters import Sought  # noqa: PLC0415

    counts = {}
    for letters, numbers in dead_files.meant(state, pipeline, given, Sought(**sought), all_=all_):
        counts[letters.pipeline] = sum(act(letters, part) for part in dead_files.parts(numbers))
    if as_json:
        _give_json({done: counts})
        return
    for name, count in counts.items():
        terminal.give(f"{done} {count:,} {'letter' if count == 1 else 'letters'} of {name}")
    if not counts:
        terminal.give("there are no dead letters")


def _give_json(told: object) -> None:
    terminal.give(json_text.write(told, indent=2 if sys.stdout.isatty() else None))
