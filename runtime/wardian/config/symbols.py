"""A use of a plugin against what the plugin's package says: its symbol, the layers of its configuration, its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.config.layers import Layered, layered
from wardian.config.use import KINDS, Use
from wardian.document.node import Node
from wardian.document.problem import Problems, listed, nearest
from wardian.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wardian.package.manifest import Symbol


def chosen(use: Use, group: str, symbols: Sequence[Symbol], package: str, problems: Problems) -> Symbol | None:
    """The symbol that the use means, or None after a problem was noted.

    Args:
        use: one of the project.
        group: where it stands: `sources`, `steps`, `sinks` or `actions`.
        symbols: those of its plugin.
        package: what the package is called in problems.
        problems: takes what is wrong.
    """
    fitting = {each.name: each for each in symbols if each.kind in kinds(use, group)}
    if use.symbol is None:
        if len(fitting) == 1:
            return next(iter(fitting.values()))
        _none_named(use, group, symbols, fitting, package, problems)
        return None
    found = next((each for each in symbols if each.kind in KINDS[group] and each.name == use.symbol), None)
    if found is None:
        known = [each.name for each in symbols if each.kind in KINDS[group]]
        hint = nearest(use.symbol, known) or f"there are {listed(known)}"
        what = f"{_any(KINDS[group])} of {package}"
        problems.note(use.at.node.at(["symbol"]), f"{use.at.path}.symbol", what, hint=hint)
    elif found.name not in fitting:
        _window(use, found, problems)
        return None
    return found


def kinds(use: Use, group: str) -> tuple[str, ...]:
    """The kinds of symbol that the use can mean: an aggregator where it has a `window`, and only there."""
    if group != "steps":
        return KINDS[group]
    return tuple(each for each in KINDS[group] if (each == "aggregator") is (use.window is not None))


def _none_named(
    use: Use, group: str, symbols: Sequence[Symbol], fitting: Mapping[str, Symbol], package: str, problems: Problems
) -> None:
    others = [each for each in symbols if each.kind in KINDS[group]]
    if not fitting and len(others) == 1:
        _window(use, others[0], problems)
        return
    hint = f"there are {listed(fitting)}" if fitting else ""
    what = f"the `symbol` of {package}, {_any(kinds(use, group))}"
    problems.note(use.at.node, use.at.path, what, "none", hint=hint, at_key=True)


def _window(use: Use, symbol: Symbol, problems: Problems) -> None:
    """Note a window without an aggregator, or an aggregator without one."""
    node, path = use.at.node, use.at.path
    if use.window is None:
        problems.note(node, path, f"a `window`, as `{symbol.name}` is an aggregator", "none", at_key=True)
    else:
        said = f"no `window`, as `{symbol.name}` is {_any((symbol.kind,))}"
        problems.note(node.at(["window"]), f"{path}.window", said, "one", at_key=True)


def _any(kinds: Sequence[str]) -> str:
    """Such as "a processor or an aggregator"."""
    return " or ".join(f"an {each}" if each[0] in "aeiou" else f"a {each}" for each in kinds)


def configured(use: Use, symbol: Symbol, config: Sequence[Node], package: str, problems: Problems) -> Layered:
    """The layers of the use over those of the package, checked by the symbol's schema.

    Args:
        use: one of the project.
        symbol: what it is a use of.
        config: the layers of the use, with secrets put in, or `use.config` where they are not known.
        package: what the package is called in problems.
        problems: takes every violation of the schema.

    Raises:
        ConfigError: there is a schema, and the libraries to check it are not installed.
    """
    section = use.at.node.value.get("section")
    made = layered(
        config, defaults=symbol.defaults, sections=symbol.sections, section=section, package=package, path=use.at.path,
        problems=problems,
    )  # fmt: skip
    if symbol.schema is not None:
        try:
            from wardian.config import schema_check  # noqa: PLC0415 - 0.15 s, and an extra
        except ModuleNotFoundError as error:
            message = f"a plugin's schema cannot be checked without `{error.name}`"
            raise ConfigError(message, where=package, hint="pip install 'wardian[schema]'") from None
        at = use.at.node.value.get("config", use.at.node)
        node = made.merged if made.merged.line else Node(made.merged.value, at.file, at.line, at.key_line)
        schema_check.check(symbol.schema, node, path=f"{use.at.path}.config", package=package, problems=problems)
    return made
