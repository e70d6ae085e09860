"""Walks the tree of an expression over plain data, and counts what that makes.

Nothing of Jinja2 runs here, and no method or attribute of a value is ever looked up by a name of the text.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, ClassVar, Final

from wardian.errors import ExpressionError
from wardian.expression import operators
from wardian.expression.filters import FILTERS, TESTS, Missing
from wardian.expression.written import text_of, weight

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wardian.expression.parsing import Expression

MOST_WORK: Final = 1_000_000  # characters and values that the expansion of one text may make or look through
_NEAR: Final = 64  # names that are looked through for one like a missing one, each of at most so many characters


class Evaluation:
    """One expansion: the names that there are, and how much may still be made."""

    def __init__(self, scope: Mapping[str, object]) -> None:
        self._scope = scope
        self._left = MOST_WORK

    def value(self, expression: Expression) -> object:
        """The value of the expression.

        Raises:
            ExpressionError: saying what of it does not work, and in which expression.
        """
        try:
            return self._required(expression.node)
        except ExpressionError as error:
            error.where = error.where or f"`{expression.source}`"
            raise
        except RecursionError:  # called from a program that is nearly at its own bound
            raise ExpressionError("exhausted", "an expression nests too deep", where=f"`{expression.source}`") from None

    def spend(self, work: int) -> None:
        """Count what was made.

        Raises:
            ExpressionError: `exhausted`.
        """
        self._left -= work
        if self._left < 0:
            raise ExpressionError("exhausted", f"a text makes more than {MOST_WORK:,} characters and values")

    def _weigh(self, value: object) -> None:
        self.spend(weight(value, self._left))

    def _of(self, node: Any) -> object:  # noqa: ANN401 - a node of Jinja's
        kind = type(node).__name__
        self.spend(1)
        made = self._walks[kind](self, node)
        if type(made) is str and kind in _MAKING:
            self.spend(len(made))
        return made

    def _required(self, node: Any) -> object:  # noqa: ANN401
        value = self._of(node)
        if isinstance(value, Missing):
            raise _undefined(value)
        return value

    def _constant(self, node: Any) -> object:  # noqa: ANN401
        return operators.fitting(node.value)

    def _name(self, node: Any) -> object:  # noqa: ANN401
        if node.name in self._scope:
            return self._scope[node.name]
        return Missing(f"`{node.name}` is not defined", node.name, self._scope)

    def _key(self, node: Any) -> object:  # noqa: ANN401
        held = self._required(node.node)
        key = node.attr if type(node).__name__ == "Getattr" else self._required(node.arg)
        if isinstance(held, dict):
            if isinstance(key, (str, bytes)) and key in held:
                return held[key]
            return Missing(f"`{operators.named(key)}` is not defined", key, held)
        if isinstance(held, (list, str)) and type(key) is int:
            if -len(held) <= key < len(held):
                return held[key]
            return Missing(f"there is no item {key}: there are {len(held)}", key, {})
        raise ExpressionError("invalid", f"{operators.kind_of(held)} has no `{operators.named(key)}`")

    def _list(self, node: Any) -> object:  # noqa: ANN401
        made = [self._required(each) for each in node.items]
        self._weigh(made)
        return made

    def _map(self, node: Any) -> object:  # noqa: ANN401
        made: dict[object, object] = {}
        for pair in node.items:
            key = self._required(pair.key)
            if not isinstance(key, str):
                raise ExpressionError("invalid", f"the key of a map is a text, not {operators.kind_of(key)}")
            made[key] = self._required(pair.value)
        self._weigh(made)
        return made

    def _and(self, node: Any) -> object:  # noqa: ANN401
        return self._required(node.left) and self._required(node.right)

    def _or(self, node: Any) -> object:  # noqa: ANN401
        return self._required(node.left) or self._required(node.right)

    def _not(self, node: Any) -> object:  # noqa: ANN401
        return not self._required(node.node)

    def _condition(self, node: Any) -> object:  # noqa: ANN401
        if self._required(node.test):
            return self._required(node.expr1)
        return None if node.expr2 is None else self._required(node.expr2)

    def _comparison(self, node: Any) -> object:  # noqa: ANN401
        left = self._required(node.expr)
        for each in node.ops:
            right = self._required(each.expr)
            self._weigh(left)
            self._weigh(right)
            if not operators.compare(each.op, left, right):
                return False
            left = right
        return True

    def _arithmetic(self, node: Any) -> object:  # noqa: ANN401
        left, right = self._required(node.left), self._required(node.right)
        made = operators.combine(type(node).__name__, left, right, self._left)
        if isinstance(made, list):
            self._weigh(made)
        return made

    def _sign(self, node: Any) -> object:  # noqa: ANN401
        return operators.sign(type(node).__name__, self._required(node.node))

    def _joined(self, node: Any) -> object:  # noqa: ANN401
        made = []
        for each in node.nodes:
            made.append(self._written(self._required(each)))
            self.spend(len(made[-1]))
        return "".join(made)

    def _written(self, value: object) -> str:
        self._weigh(value)
        return text_of(value)

    def _filter(self, node: Any) -> object:  # noqa: ANN401
        value = self._of(node.node)
        made = self._applied(FILTERS[node.name], "filter", node, value)
        if isinstance(made, (list, dict)):
            self._weigh(made)
        return made

    def _test(self, node: Any) -> object:  # noqa: ANN401
        return self._applied(TESTS[node.name], "test", node, self._of(node.node))

    def _applied(self, function: Callable[..., object], what: str, node: Any, value: object) -> object:  # noqa: ANN401
        if isinstance(value, Missing) and node.name not in _OF_MISSING:
            raise _undefined(value)
        given = [self._required(each) for each in node.args]
        named = {each.key: self._required(each.value) for each in node.kwargs}
        for each in (value, *given, *named.values()):
            if not isinstance(each, Missing):
                self._weigh(each)
        if function in _SIZED:
            named["most"] = self._left
        try:
            return operators.fitting(function(value, *given, **named))
        except TypeError:
            raise ExpressionError("invalid", f"the {what} `{node.name}` cannot take these values") from None

    _walks: ClassVar[Mapping[str, Callable[[Evaluation, Any], object]]] = {
        "Const": _constant,
        "Name": _name,
        "Getattr": _key,
        "Getitem": _key,
        "List": _list,
        "Tuple": _list,
        "Dict": _map,
        "And": _and,
        "Or": _or,
        "Not": _not,
        "CondExpr": _condition,
        "Compare": _comparison,
        "Concat": _joined,
        "Filter": _filter,
        "Test": _test,
        **dict.fromkeys(operators.ARITHMETIC, _arithmetic),
        **dict.fromkeys(("Neg", "Pos"), _sign),
    }


def _undefined(missing: Missing) -> ExpressionError:
    """The error for what is not defined, with a hint at names like it; few and short ones are looked through."""
    near: list[str] = []
    if isinstance(missing.name, str) and len(missing.name) <= _NEAR:
        names = [each for each in list(missing.names)[:_NEAR] if isinstance(each, str) and len(each) <= _NEAR]
        near = difflib.get_close_matches(missing.name, names, n=3)
    hint = f"did you mean {' or '.join(f'`{each}`' for each in near)}?" if near else ""
    return ExpressionError("invalid", missing.why, hint=hint)


_OF_MISSING: Final = frozenset({"default", "d", "defined", "undefined"})
_SIZED: Final = frozenset({FILTERS["join"], FILTERS["replace"]})
_MAKING: Final = frozenset({"Filter", *operators.ARITHMETIC})  # others give what is there already
KNOWN: Final = frozenset({*Evaluation._walks, "Pair", "Operand", "Keyword"})  # noqa: SLF001 - its own module
