"""`wardian schema`: the JSON Schema of `wardian.yaml`, for editors."""

from __future__ import annotations

import click

from wardian.cli import json_text, terminal


@click.command("schema", short_help="The JSON Schema of wardian.yaml, for editors.")
def schema() -> None:
    """Print the JSON Schema (2020-12) of wardian.yaml.

    \b
    wardian schema > wardian.schema.json

    An editor that knows YAML schemas then completes and checks a file that begins with
    # yaml-language-server: $schema=wardian.schema.json
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.config.project import json_schema  # noqa: PLC0415 - when it is needed
    from wardian.endpoints.kinds import TYPES  # noqa: PLC0415

    terminal.give(json_text.write(json_schema(TYPES), indent=2))
