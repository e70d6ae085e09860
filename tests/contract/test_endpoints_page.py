"""The reference in docs/endpoints.md is that of the shapes, and its tables of statuses are those of the code.

When a configuration changes, run this file (`PYTHONPATH=tests python3 tests/contract/test_endpoints_page.py`), which
writes the reference anew, and look at the difference.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from contract.test_configuration_page import takes
from wardian.endpoints.kinds import TYPES
from wardian.endpoints.source_requests import BY_KIND
from wardian.quantity import format_duration

PAGE = Path(__file__).parents[2] / "docs" / "endpoints.md"
PART = re.compile(r"(<!-- written by [^\n]*-->\n)(.*?)(<!-- end -->)", re.DOTALL)


def kind_of(schema):
    """What a value may be; words of a list are named."""
    return " or ".join(f"`{each}`" for each in schema["enum"] if each) if "enum" in schema else takes(schema)


def default_of(field):
    """What a key has when it is left out, as it would be written."""
    value = field.default
    if value is dataclasses.MISSING:
        return "" if field.default_factory is not dataclasses.MISSING else "needed"
    if value is None or value == ():
        return ""
    shown = format_duration(value) if isinstance(value, float) else value
    return f"`{str(shown).lower() if isinstance(value, bool) else shown}`"


def written():
    """A table for each source and each sink."""
    lines = []
    for each in TYPES.values():
        definitions = {}
        each.config.schema(definitions)
        (schema,) = definitions.values()
        group = "source" if "sources" in each.groups else "sink"
        lines += [f"### The {group} `{each.name}`", "", schema["description"], ""]
        lines += ["| key | takes | by default | |", "|---|---|---|---|"]
        for key, held in schema["properties"].items():
            shown = default_of(each.config.keys[key])
            lines.append(f"| `{key}` | {kind_of(held)} | {shown} | {held['description']} |")
        lines.append("")
    return "\n".join(lines) + "\n"


def test_the_reference_is_that_of_the_shapes():
    assert PART.search(PAGE.read_text("utf-8"))[2] == written()


def test_the_statuses_of_errors_are_those_of_the_table():
    text = PAGE.read_text("utf-8").replace("\n", " ")
    for kind, status in BY_KIND.items():
        assert status == 500 or f"`{kind}` {status}" in text


if __name__ == "__main__":
    PAGE.write_text(PART.sub(lambda match: match[1] + written() + match[3], PAGE.read_text("utf-8")), "utf-8")
