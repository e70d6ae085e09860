"""A text with placeholders, parsed once and expanded often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.errors import ExpressionError
from wardian.expression.evaluation import Evaluation
from wardian.expression.parsing import Expression, Parser, split
from wardian.expression.written import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_TEXT = 65_536  # characters: what a person writes is far below, and all of it is looked at in Python
MOST_PLACEHOLDERS = 1_000


class Template:
    """Literal text with `{{ expression }}` placeholders, and `{% command %}` where a shell is there for it.

    An expression has names, keys (`a.b` is `a["b"]`), constants, lists, maps, comparisons, `and`, `or`, `not`,
    `x if y else z`, arithmetic, and a few filters and tests. It has no calls, loops or assignments, and all that it
    does is bounded, so the text may come from anybody.

    Threads: any number may expand it at once.

    Raises:
        ExpressionError: `invalid` for what is none, `exhausted` for one that is too long, too deep or has too much.
        ConfigError: Jinja2 is not installed.
    """

    def __init__(self, text: str) -> None:
        if len(text) > MOST_TEXT:
            raise ExpressionError("exhausted", f"a text with placeholders has at most {MOST_TEXT} characters")
        parts = split(text)
        if sum(kind != "text" for kind, _ in parts) > MOST_PLACEHOLDERS:
            raise ExpressionError("exhausted", f"a text has at most {MOST_PLACEHOLDERS} placeholders")
        parser = Parser()
        self._parts = [
            (kind, parser.parse(content) if kind == "expression" else content.strip() if kind == "command" else content)
            for kind, content in parts
        ]

    def expand(self, scope: Mapping[str, object], shell: Callable[[str], str] | None = None) -> str:
        """The text with each placeholder replaced by what it gives.

        A text stands as it is, null as nothing, true and false so, numbers, lists and maps as JSON writes them, a
        point in time as RFC 3339 does.

        Args:
            scope: the names that there are, and their values: plain data.
            shell: gives what a command prints; None where there are to be no commands.

        Raises:
            ExpressionError: `invalid` for a name that is not defined or a value that does not fit, `exhausted` for
                more work than allowed, `denied` for a command where there is no shell.
        """
        evaluation = Evaluation(scope)
        made: list[str] = []
        for kind, part in self._parts:
            if isinstance(part, Expression):
                text = text_of(evaluation.value(part))
            elif kind == "command":
                text = _run(part, shell)
            else:
                text = part
            evaluation.spend(len(text))
            made.append(text)
        return "".join(made)


def expand(text: str, scope: Mapping[str, object], shell: Callable[[str], str] | None = None) -> str:
    """Expand a text once; see `Template`."""
    return Template(text).expand(scope, shell)


def evaluate(expression: str, scope: Mapping[str, object]) -> object:
    """The value of one expression, without braces around it: plain data, perhaps a part of the scope itself.

    Raises:
        ExpressionError: as `Template` and its `expand` do.
    """
    if len(expression) > MOST_TEXT:
        raise ExpressionError("exhausted", f"an expression has at most {MOST_TEXT} characters")
    return Evaluation(scope).value(Parser().parse(expression))


def require() -> None:
    """See that expressions can be parsed at all.

    Raises:
        ConfigError: Jinja2 is not installed.
    """
    Parser()


def _run(command: str, shell: Callable[[str], str] | None) -> str:
    if shell is None:
        raise ExpressionError(
            "denied",
            "a text may not run commands here",
            hint="write `{{ … }}` for an expression; `{% … %}` is a command",
        )
    return shell(command)
