"""`wardian test`: whether a plugin does what its cases say, and what its kind promises."""

from __future__ import annotations

from typing import Any

import click


@click.command("test", short_help="Test a plugin by its cases.yaml and its kind.")
@click.argument("place", type=click.Path(), required=False, default=".", metavar="[FOLDER | MODULE]")
@click.option("--cases", type=click.Path(), metavar="FILE", help="The cases; by default the cases.yaml near by.")
@click.option("-k", "word", metavar="WORD", default="", help="Run the cases alone whose name has this in it.")
@click.option("--no-promises", is_flag=True, help="Leave out what its kind promises, and so `wardian check`.")
@click.option("-v", "--verbose", is_flag=True, help="Print what builds it, and all log lines.")
@click.option("--json", "as_json", is_flag=True, help="Print what came of it as JSON.")
def test(**given: Any) -> int:  # noqa: ANN401 - click gives what `Asked` takes
    """Build the plugin in FOLDER, by default this one, and test it; of a MODULE (.wasm), test that.

    Each case of its cases.yaml is run on a new instance, in the real runtime: with the case's configuration over the
    defaults, checked by the plugin's schema; with the capabilities that its description asks for, and the answers that
    the case gives in the host's place. Then it is put through all that its kind promises, as by `wardian check`.

    The exit code is 0 when all is well, 1 when a case came out otherwise, and 7 when only a promise is broken.

    \b
    wardian test
    wardian test word_count -k "short records"
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.cli import testing  # noqa: PLC0415 - the runtime is loaded when something is to be run

    return testing.test(testing.Asked(**given))
