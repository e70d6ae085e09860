"""What a job knows: variables by name, from where each comes, and their values once somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from wardian.capabilities.variables import Variables
from wardian.document.secret_text import SecretText
from wardian.errors import ExpressionError
from wardian.expression import expand

Shell = Callable[[str], str]

CHAIN: Final = 16  # variables of which one is made of the next; each takes some twenty frames of Python's stack


class Scope(Mapping[str, object]):
    """The variables of one job. A text that stands in a file is expanded when it is first asked for; data never is.

    Threads: one at a time, that of the job.

    Args:
        data: values that are what they are: predefined ones, those of `--var`, what a caller passed, what a job set.
        texts: values as they stand in a file; they win over data of the same name.
        shell: runs the commands in those texts, or None where there are to be none.

    Attributes:
        shell: as given.
        changed: what has been set since.
    """

    def __init__(self, data: Mapping[str, object], texts: Mapping[str, object], shell: Shell | None = None) -> None:
        self._known = {name: value for name, value in data.items() if name not in texts}
        self._texts = texts
        self.shell = shell
        self.changed: dict[str, object] = {}
        self._chain: list[str] = []

    def __getitem__(self, name: str) -> object:
        if name in self._known:
            return self._known[name]
        text = self._texts[name]
        if name in self._chain:
            ring = " → ".join(f"`{each}`" for each in (*self._chain[self._chain.index(name) :], name))
            raise ExpressionError("invalid", f"these variables are made of each other, which never ends: {ring}")
        if len(self._chain) >= CHAIN:
            raise ExpressionError(
                "exhausted", f"more than {CHAIN} variables are made of each other: `{name}` and others"
            )
        self._chain.append(name)
        try:
            made = self._known[name] = self.expanded(text)
        finally:
            self._chain.pop()
        return made

    def __contains__(self, name: object) -> bool:
        return name in self._known or name in self._texts

    def __iter__(self) -> Iterator[str]:
        yield from {**self._texts, **self._known}

    def __len__(self) -> int:
        return len({**self._texts, **self._known})

    def set(self, name: str, value: object) -> None:
        """Give a variable a value for the rest of the job; null removes it."""
        self._known[name] = self.changed[name] = value
        if value is None:
            del self._known[name], self.changed[name]
            self._texts = {each: text for each, text in self._texts.items() if each != name}

    def expanded(self, value: object) -> object:
        """The value with each text in it expanded; keys of maps stay as they are.

        Raises:
            ExpressionError: a text is wrong, a variable is not defined, or variables are made of each other.
        """
        if isinstance(value, str):
            # A text with a secret in it is no template: what somebody chose as a password is not to be parsed.
            template = ("{{" in value or "{%" in value) and not isinstance(value, SecretText)
            return expand(value, self, self.shell) if template else value
        if isinstance(value, list):
            return [self.expanded(each) for each in value]
        if isinstance(value, dict):
            return {key: self.expanded(each) for key, each in value.items()}
        return value

    def values_of(self, names: Mapping[str, object]) -> dict[str, object]:
        """The values of these variables."""
        return {name: self[name] for name in names}


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the variables of the jobs of one running task come from, the strongest first.

    Attributes:
        given: what whoever runs the task gives (`--var`); nothing wins over it.
        laid: what the call of a mixin gives, over the `vars` of its jobs.
        changed: what earlier jobs of this task have set; the same for all jobs of the task, of which each looks at it
            once, when its turn comes.
        passed: what the caller of this task knew, and what its call gives.
        file: the file's `vars`, as they stand there.
        predefined: what this package gives.
    """

    given: Mapping[str, object] = field(default_factory=dict)
    laid: Mapping[str, object] = field(default_factory=dict)
    changed: Variables = field(default_factory=Variables)
    passed: Mapping[str, object] = field(default_factory=dict)
    file: Mapping[str, object] = field(default_factory=dict)
    predefined: Mapping[str, object] = field(default_factory=dict)

    def scope(self, own: Mapping[str, object], shell: Shell | None = None) -> Scope:
        """What a job with these `vars` of its own knows."""
        data: dict[str, object] = dict(self.predefined)
        texts: dict[str, object] = dict(self.file)
        for name in (passed := {**self.passed, **self.changed.values()}):
            texts.pop(name, None)
        data |= passed
        texts |= own
        for name in (firm := {**self.laid, **self.given}):
            texts.pop(name, None)
        return Scope(data | firm, texts, shell)

    def of_mixin(self, own: Mapping[str, object], scope: Scope) -> Frame:
        """The frame of a mixin's jobs, for the job that stands for it; they are jobs of the same task."""
        return replace(self, laid={**scope.values_of(own), **self.laid})

    def of_task(self, own: Mapping[str, object], scope: Scope) -> Frame:
        """The frame of the task that a job stands for. What it sets is its own."""
        passed = {**self.passed, **self.changed.values(), **self.laid, **scope.values_of(own), **scope.changed}
        return replace(self, laid={}, changed=Variables(), passed=passed)
