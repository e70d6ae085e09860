"""`wardian completion`: the script that completes commands, limits, grants and entry points in a shell."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import click
from click.shell_completion import get_completion_class

_SHELLS: Final = ("bash", "zsh", "fish")


@click.command("completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(_SHELLS), required=False)
@click.pass_context
def completion(ctx: click.Context, shell: str | None) -> None:
    """Print the completion script for SHELL; by default for the one of $SHELL.

    \b
    bash:  eval "$(wardian completion bash)"           in ~/.bashrc
    zsh:   eval "$(wardian completion zsh)"            in ~/.zshrc
    fish:  wardian completion fish | source            in ~/.config/fish/config.fish
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    chosen = shell or Path(os.environ.get("SHELL", "")).name
    script = get_completion_class(chosen) if chosen in _SHELLS else None
    if script is None:
        raise click.UsageError(f"name a shell: {', '.join(_SHELLS)}", ctx)
    made = script(ctx.find_root().command, {}, "wardian", "_WARDIAN_COMPLETE")
    # What is sourced has to be the script alone: bash's own looks for the version of bash in between.
    click.echo(script.source_template % made.source_vars())
