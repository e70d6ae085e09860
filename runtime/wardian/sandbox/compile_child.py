"""Compiles one module in a process of its own, under limits of CPU time, memory and output.

Run as a script, by its path, with the interpreter's `-I`: reads one line of JSON (search path, settings, limits) and
then the source from standard input; writes one status byte and then the artefact, or the text of what is wrong, to
standard output. A module that makes the compiler explode takes only this process with it.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Final

NO_MEMORY: Final = 12  # the exit status where memory ran out; any other but 0 is a crash


def main() -> None:
    """Read the order, compile, answer."""
    order = json.loads(sys.stdin.buffer.readline())
    cpu, memory = order["cpu"], order["memory"]
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source = sys.stdin.buffer.read()
    sys.path[:] = order["path"]
    from wasmtime import Engine, Module, WasmtimeError, wat2wasm  # noqa: PLC0415 - the search path is set just above

    from wardian.sandbox.engine import Settings, make_config  # noqa: PLC0415
    from wardian.sandbox.growth import watch  # noqa: PLC0415

    try:
        if order["text"]:
            source = bytes(wat2wasm(source))
        if order["only_text"]:
            status, answer = b"+", source
        else:
            engine = Engine(make_config(Settings(metered=order["metered"]), 512 * 1024))
            # As it was given, so that what is added to it cannot make it valid, and what is wrong is said of it.
            Module.validate(engine, source)
            try:
                module = Module(engine, watch(source))
            except WasmtimeError:
                module = Module(engine, source)  # what is added may be more than the engine takes
            artefact = bytes(module.serialize())
            small = len(artefact) <= order["artefact"]
            status, answer = (b"+", artefact) if small else (b"!", b"%d" % len(artefact))
    except WasmtimeError as error:
        # What is valid with every feature on, and not here, is no broken module.
        status = b"?" if not order["only_text"] and valid_elsewhere(source) else b"-"
        answer = str(error).encode("utf-8", "replace")[:4000]
    sys.stdout.buffer.write(status + answer)


def valid_elsewhere(source: bytes) -> bool:
    """Whether an engine with every feature would take the module."""
    from wasmtime import Config, Engine, Module, WasmtimeError  # noqa: PLC0415 - see above

    config = Config()
    config.wasm_custom_page_sizes = config.wasm_stack_switching = True  # the others are on by themselves
    config.shared_memory = True
    try:
        Module.validate(Engine(config), source)
    except WasmtimeError:
        return False
    return True


if __name__ == "__main__":
    try:
        main()
    except (MemoryError, OSError, ImportError):  # the last two where a library cannot be mapped
        sys.exit(NO_MEMORY)
