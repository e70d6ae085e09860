"""YAML 1.2 without surprises, and the one place that knows a YAML library.

Only `true`, `false`, `null`, integers and floats are typed; `on`, `yes`, `017`, `12:30:45` and dates are text. Anchors,
aliases, tags and keys that stand twice are refused. Nothing here recurses, and no object but plain data is made.
"""

from __future__ import annotations

import yaml

from wardian.document import scalars
from wardian.document.builder import Builder, Enough
from wardian.document.problem import shown


def build(text: str, builder: Builder) -> None:
    """Give what a YAML text holds to the builder, with all that is wrong as a text."""
    documents = 0
    try:
        # The parser in Python gives events one by one, so that too deep a file is left at its first bracket too many.
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    builder.broken = True
                    builder.problem(_line(event), "one document", "a second one", "leave the line `---` out")
                    return
            _take(builder, event)
    except Enough:
        pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _tell(builder, mark.line + 1 if mark else 1, error.problem or error.context or "what is none")
    except yaml.reader.ReaderError as error:
        _tell(builder, text.count("\n", 0, error.position) + 1, f"the character {chr(error.character)!a}")


def write(plain: object) -> str:
    """Plain data as YAML that `build` reads back; texts are quoted wherever they could be taken for something else."""
    return yaml.dump(plain, Dumper=_Quoting, allow_unicode=True, sort_keys=False, width=120)


def _take(builder: Builder, event: yaml.Event) -> None:
    line = _line(event)
    if isinstance(event, yaml.NodeEvent):
        _check_node(builder, event, line)
    if isinstance(event, yaml.CollectionStartEvent):
        builder.start({} if isinstance(event, yaml.MappingStartEvent) else [], line)
    elif isinstance(event, yaml.CollectionEndEvent):
        builder.end()
    elif isinstance(event, yaml.ScalarEvent):
        plain = event.style is None and event.tag is None
        builder.put(_typed(builder, event.value, line) if plain else _text(builder, event.value, line), line)
    elif isinstance(event, yaml.AliasEvent):
        builder.put(None, line)


def _check_node(builder: Builder, event: yaml.NodeEvent, line: int) -> None:
    if event.anchor is not None:
        sign, name = ("*", "an alias") if isinstance(event, yaml.AliasEvent) else ("&", "an anchor")
        builder.problem(line, "values written out", f"{name}, `{sign}{event.anchor}`")
    tag = getattr(event, "tag", None)
    if tag not in (None, "!", "tag:yaml.org,2002:str"):
        builder.problem(line, "a value without a tag", f"`{tag}`", "quote what is to be text")


def _typed(builder: Builder, text: str, line: int) -> object:
    try:
        return scalars.meaning(text)
    except scalars.TooLarge:
        builder.problem(line, "an integer of at most 64 bits", shown(text), "quote it if it is text")
        return 0


def _text(builder: Builder, text: str, line: int) -> str:
    """The text, with each pair of surrogates, as JSON escapes what is beyond 16 bits, as the character that it is."""
    if text.isascii():
        return text
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        builder.problem(line, "a text of Unicode, without half a pair", "half a pair")
        return ""


def _tell(builder: Builder, line: int, found: str) -> None:
    builder.broken = True
    try:
        builder.problem(line, "YAML", found)
    except Enough:
        return


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


class _Quoting(yaml.SafeDumper):
    """Quotes each text that is not plainly one, under the rules of either version of YAML."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


_Quoting.add_representer(str, _quoted)
