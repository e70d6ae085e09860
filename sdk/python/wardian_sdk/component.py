"""How the plugin is joined to its host in a module; imported there alone."""

import gc
import json
import sys
import zlib

import wit_world
from componentize_py_types import Err

from wardian_sdk import console, entries, host

# What a build looks for in the memory that it finds: what the plugin exports and imports.
MARK = "wardian plugin "
description = b""
_fresh = True


class WitWorld(wit_world.WitWorld):
    """What the host enters."""

    def run(self, entry, request):
        """Call an entry point by its number."""
        if _fresh:
            _begin()
        succeeded, reply = entries.answer(_names[entry], request)
        if not succeeded:
            raise Err(reply)
        return reply


def finish():
    """Take down what the plugin exports and imports, and end the time in which that can change."""
    global description, _names
    if not entries.entries:
        raise SystemExit("the plugin has no entry point: decorate a function, or inherit from a kind")
    _names = entries.exported()
    wanted = [[each.module, each.name] for each in host.imports]
    text = json.dumps({"entries": _names, "imports": wanted}).encode()
    description = f"{MARK}{len(text):08}{zlib.crc32(text):08x}".encode() + text
    host.close()
    host.connect(_ask)
    console.attach()
    gc.collect()
    gc.freeze()  # what is there now lives as long as the instance: no collection has to look at it


def _ask(wanted, request):
    try:
        return True, wit_world.ask(wanted.slot, request)
    except Err as failed:
        return False, failed.value


def _begin():
    """What cannot be settled when the module is made, as each instance has its own."""
    global _fresh
    _fresh = False
    if "random" in sys.modules:
        sys.modules["random"].seed()
