"""The reference in docs/configuration.md is that of the JSON Schema.

When the form of the file changes, run this file (`python3 tests/contract/test_configuration_page.py`), which writes the
reference anew, and look at the difference.
"""

from __future__ import annotations

import re
from pathlib import Path

from wardian.config.project import json_schema

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"
PART = re.compile(r"(<!-- written by [^\n]*-->\n)(.*?)(<!-- end -->)", re.DOTALL)
TITLES = {
    "project": "The file", "secretsource": "A secret", "repository": "A repository", "plugin": "A plugin",
    "egress": "An egress", "use": "A use", "window": "A window",
    "pipeline": "A pipeline", "lane": "A lane", "batch": "A batch", "queue": "A queue", "errors": "Errors",
    "restart": "Restarts", "schedule": "A schedule", "job": "A job",
}  # fmt: skip
LINKS = {
    "limits": "[limits](limits.md)", "grants": "[grants](capabilities.md)",
    **{name: f"[{title.lower()}](#{title.lower().replace(' ', '-')})" for name, title in TITLES.items()},
}  # fmt: skip


def takes(schema):  # noqa: PLR0911 - a line for each kind
    """What a value may be, in a few words."""
    if "$ref" in schema:
        return LINKS[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return " or ".join(map(takes, schema["anyOf"]))
    types = [each for each in [schema.get("type", [])] if isinstance(each, str)] or schema.get("type", [])
    kinds = [each for each in types if each != "null"]
    if "array" in kinds and "object" in kinds:
        return "map, or list of maps"
    if kinds == ["array"]:
        least = f", at least {schema['minItems']}" if "minItems" in schema else ""
        return f"list of {takes(schema['items'])}{least}"
    if kinds == ["object"]:
        return f"names, each with {takes(schema['additionalProperties'])}" if "propertyNames" in schema else "map"
    if "ms" in schema.get("pattern", "") and "number" in kinds:
        return "duration"
    if "KkMmGg" in schema.get("pattern", ""):
        return "size"
    if kinds in (["integer"], ["number"]) and "minimum" in schema:
        low, high = schema["minimum"], schema["maximum"]
        return f"{low}" if low == high else f"{low} to {high:,}"
    words = {"string": "text", "boolean": "`true` or `false`", "number": "number"}
    return " or ".join(dict.fromkeys(words[each] for each in kinds)).replace("`true` or `false`", "truth")


def plain(value):
    """A default as it is written in YAML."""
    return str(value).lower() if isinstance(value, bool) else value


def written():
    """The reference: a table for each definition."""
    lines = []
    definitions = json_schema()["$defs"]
    for name, title in TITLES.items():
        each = definitions[name]
        lines += [f"### {title}", "", each["description"], "", "| key | takes | by default | |", "|---|---|---|---|"]
        required = {*each.get("required", ()), *(key for one in each.get("oneOf", ()) for key in one["required"])}
        for key, schema in each["properties"].items():
            default = f"`{plain(schema['default'])}`" if "default" in schema else ""
            needed = "needed" if key in each.get("required", ()) else "one of them" if key in required else default
            lines.append(f"| `{key}` | {takes(schema)} | {needed} | {schema['description']} |")
        lines.append("")
    return "\n".join(lines) + "\n"


def test_the_reference_is_that_of_the_schema():
    assert set(TITLES) | {"limits", "grants"} == set(json_schema()["$defs"])
    assert PART.search(PAGE.read_text("utf-8"))[2] == written()


if __name__ == "__main__":
    PAGE.write_text(PART.sub(lambda match: match[1] + written() + match[3], PAGE.read_text("utf-8")), "utf-8")
