"""Which dead letters are meant on a command line, and the files that they are in."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wardian.cli import diagnostics
from wardian.cli.project_file import find
from wardian.cli.usage import Usage
from wardian.engine.directory import NAME, StateDirectory
from wardian.errors import StateError
from wardian.transport.dead_letters import DeadLetters, Sought
from wardian.transport.tables import open_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wardian.transport.contract import DeadLetter

_PART: Final = 500  # letters of one transaction: a pipeline that runs waits for it no longer than for a batch
_LIST: Final = "`wardian dead list` shows them"


class Broken:
    """Pipelines whose file cannot be read: told at once, so that those of others are seen nevertheless.

    Attributes:
        error: the last of their errors, or None.
    """

    def __init__(self) -> None:
        self.error: StateError | None = None

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Tell what goes wrong within, and go on."""
        try:
            yield
        except StateError as error:
            diagnostics.report(error)
            self.error = error


def directory(state: str | None) -> StateDirectory:
    """The state directory that is named, or the one beside the nearest `wardian.yaml`.

    Raises:
        Usage: there is none.
    """
    path = Path(state) if state is not None else find(None).parent / NAME
    if not path.is_dir():
        raise Usage(f"there is no state directory `{path}`", hint="`wardian up` makes it; name one with `--state`")
    return StateDirectory(path)


def each(of: StateDirectory, pipeline: str | None, broken: Broken) -> Iterator[DeadLetters]:
    """Those of each pipeline that has a file, or of the one that is named; one that cannot be opened is told.

    Raises:
        Usage: there is none of this name.
    """
    for name in of.pipelines() if pipeline is None else [_known(of, pipeline)]:
        with broken.told(), open_file(of.pipeline(name), name) as file:
            yield DeadLetters(file)


@contextlib.contextmanager
def opened(state: str | None, pipeline: str | None, letter: str) -> Iterator[tuple[DeadLetters, int]]:
    """The letters of the pipeline of one that is named so, and its number.

    Raises:
        Usage: it cannot be told which one is meant.
        StateError: the file cannot be read.
    """
    of = directory(state)
    name, number = _reference(of, pipeline, letter)
    with open_file(of.pipeline(name), name) as file:
        yield DeadLetters(file), number


def meant(
    state: str | None, pipeline: str | None, given: Sequence[str], sought: Sought, *, all_: bool
) -> Iterator[tuple[DeadLetters, list[int]]]:
    """The letters that are named, or all that are meant, those of each pipeline with their numbers.

    Raises:
        Usage: neither is said, or both, or one of those that are named is not there.
        StateError: a file cannot be read.
    """
    if all_ == bool(given) or (given and sought != Sought()):
        raise Usage("name the letters, or give `--all`, to which other options may say which", hint=_LIST)
    of = directory(state)
    wanted: dict[str, list[int] | None] = {}
    for letter in given:
        name, number = _reference(of, pipeline, letter)
        numbers = wanted.setdefault(name, [])
        if numbers is not None and number not in numbers:
            numbers.append(number)
    if all_:
        wanted = dict.fromkeys(of.pipelines() if pipeline is None else [_known(of, pipeline)])
    # All are looked for before anything is done to the first.
    with contextlib.ExitStack() as files:
        found = []
        for name, numbers in wanted.items():
            letters = DeadLetters(files.enter_context(open_file(of.pipeline(name), name)))
            for number in numbers or ():
                require(letters, number)
            found.append((letters, letters.numbers(sought) if numbers is None else numbers))
        yield from (each for each in found if each[1])


def require(letters: DeadLetters, number: int) -> DeadLetter:
    """The letter of this number.

    Raises:
        Usage: there is none.
    """
    found = letters.get(number)
    if found is None:
        raise Usage(f"there is no dead letter {letters.pipeline}/{number}", hint=_LIST)
    return found


def parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """The numbers, some hundreds at a time."""
    yield from (numbers[at : at + _PART] for at in range(0, len(numbers), _PART))


def _reference(of: StateDirectory, pipeline: str | None, letter: str) -> tuple[str, int]:
    name, slash, number = letter.rpartition("/")
    if not number.isascii() or not number.isdigit() or len(number) > 18 or (slash and pipeline not in (None, name)):
        raise Usage("a letter is named by its pipeline and its number", where=letter, hint="such as words/12")
    if slash or pipeline is not None:
        return _known(of, name or pipeline or ""), int(number)
    names = of.pipelines()
    if len(names) != 1:
        raise Usage("which pipeline is it of?", where=letter, hint="such as words/12, or with `--pipeline words`")
    return names[0], int(number)


def _known(of: StateDirectory, name: str) -> str:
    names = of.pipelines()
    if name not in names:
        known = f"there are: {', '.join(names)}" if names else "no pipeline has run there yet"
        raise Usage(f"no pipeline `{name}` has a file in `{of.path}`", hint=known)
    return name
