"""`Project`: all of `wardian.yaml`, as a typed value; and its JSON Schema for editors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardian.config import names
from wardian.config.job import JOBS, VARS, Job
from wardian.config.pipeline import PIPELINE, Pipeline
from wardian.config.plugin import PLUGIN, Plugin
from wardian.config.repository import REPOSITORY, Repository
from wardian.config.secret import SECRET, SecretSource
from wardian.config.use import KINDS, USE, Use
from wardian.document.shapes import ListOf, MapOf, Schema, Shape, Text, Whole
from wardian.document.structs import Place, Struct, key, place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardian.config.host_type import HostType, Types
    from wardian.document.node import Node


def _named(value: Shape[Any], name: Text = names.NAME) -> MapOf[Any]:
    return MapOf(name, value, check=names.no_twins)


_USES: Final = _named(USE)
_IMPORTS: Final = ListOf(Text("a path such as `./plugins.yaml`", pattern=r".*\S.*", most=4096), most=64)


@dataclass(frozen=True, kw_only=True)
class Project:
    """A whole configuration: what there is, by its names."""

    version: int = key(Whole(1, 1), "The version of this form; always 1.")
    imports: tuple[str, ...] = key(_IMPORTS, "Other files of this folder or below it, whose values are there as well; "
        "those of this file count, and of the others those of the later one.", default=())  # fmt: skip
    vars: Mapping[str, Node] = key(VARS, "Variables for the templates of tasks.", factory=dict)
    secrets: Mapping[str, SecretSource] = key(_named(SECRET), "Secrets, for `${secret:NAME}`.", factory=dict)
    repositories: Mapping[str, Repository] = key(_named(REPOSITORY), "Where plugins are looked for.", factory=dict)
    plugins: Mapping[str, Plugin] = key(_named(PLUGIN, names.PLUGIN), "Plugins, by the names that uses and actions "
        "give.", factory=dict)  # fmt: skip
    sources: Mapping[str, Use] = key(_USES, "What records come from.", factory=dict)
    steps: Mapping[str, Use] = key(_USES, "What records go through.", factory=dict)
    sinks: Mapping[str, Use] = key(_USES, "What records go into.", factory=dict)
    actions: Mapping[str, Use] = key(_USES, "Actions with a configuration, by names of their own.", factory=dict)
    pipelines: Mapping[str, Pipeline] = key(_named(PIPELINE), "Pipelines.", factory=dict)
    tasks: Mapping[str, tuple[Job, ...]] = key(_named(JOBS), "Tasks: jobs that are run by name.", factory=dict)
    mixins: Mapping[str, tuple[Job, ...]] = key(_named(JOBS), "Jobs that several tasks share.", factory=dict)
    at: Place = place()


PROJECT: Final = Struct(Project, "The configuration of Wardian.")


def json_schema(types: Types | None = None) -> Schema:
    """The JSON Schema (2020-12) of a file, for editors; a new one for each asking.

    It knows forms alone: that a name leads somewhere, that two names are no twins, and what a plugin says of its own
    configuration, is known to the reader of the file.

    Args:
        types: what the host makes itself, whose configurations are then known as well.
    """
    definitions: dict[str, Schema] = {}
    reference = PROJECT.schema(definitions)
    for group in KINDS:
        known = [_of_type(each, definitions) for each in (types or {}).values() if group in each.groups]
        if known:
            uses = definitions["project"]["properties"][group]
            uses["additionalProperties"] = {**USE.schema(definitions), "allOf": known}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "wardian.yaml",
        **reference,
        "$defs": definitions,
    }


def _of_type(each: HostType, definitions: dict[str, Schema]) -> Schema:
    """What holds for a use of this type; a configuration that is a list of layers is left to the reader."""
    config = {"if": {"type": "object"}, "then": each.config.schema(definitions)}
    named = {"properties": {"type": {"const": each.name}}, "required": ["type"]}
    return {"if": named, "then": {"properties": {"config": config}}}
