"""A use of a plugin against what the plugin's package says: its symbol, the layers of its configuration, its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.config.layers import Layered, layered
from wardian.config.use import KINDS, Use
from wardian.document.node import Node
from wardian.document.problem import Problems, listed, nearest
from wardian.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    kind = KINDS[group]
    fitting = {each.name: each for each in symbols if each.kind == kind}
    if use.symbol is None:
        if len(fitting) == 1:
            return next(iter(fitting.values()))
        hint = f"there are {listed(fitting)}" if fitting else ""
        problems.note(use.at.node, use.at.path, f"the `symbol` of {package}, a {kind}", "none", hint=hint, at_key=True)
        return None
    if use.symbol in fitting:
        return fitting[use.symbol]
    hint = nearest(use.symbol, fitting) or f"there are {listed(fitting)}"
    problems.note(use.at.node.at(["symbol"]), f"{use.at.path}.symbol", f"a {kind} of {package}", hint=hint)
    return None


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
