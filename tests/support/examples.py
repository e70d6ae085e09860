"""The example plugins, driven through the ABI alone, with each message held against `abi.cddl`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cbor2
import pycddl

from support.raw_guest import GuestFailed, RawGuest
from wardian.abi.contract import ENTRY_POINTS, LIFECYCLE, PACKAGE_SECTION
from wardian.sandbox import binary

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "guest_examples"
NAMES = sorted(folder.name for folder in EXAMPLES.iterdir() if (folder / "plugin.yaml").is_file())
CDDL = (ROOT / "sdk" / "abi" / "abi.cddl").read_text("utf-8")
SPOKEN = {*LIFECYCLE, *(name for names in ENTRY_POINTS.values() for name in names)}

START = 1_790_000_000_000_000_000  # nanoseconds since 1970, some time in 2026
SECOND = 1_000_000_000


@cache
def schema(rule):
    """The first rule of a schema is the one that an item is checked against."""
    return pycddl.Schema(f"checked = {rule}\n{CDDL}")


def description(wasm):
    """What the section `wardian:package` of a module holds, or None."""
    found = [each for each in binary.sections(wasm) if (each.id, each.name) == (0, PACKAGE_SECTION)]
    assert len(found) <= 1
    return cbor2.loads(wasm[found[0].start : found[0].start + found[0].size]) if found else None


class Example(RawGuest):
    """A guest whose requests and replies are checked when their entry point is one of the ABI."""

    def call(self, entry, request=None):
        if entry not in SPOKEN:
            return super().call(entry, request)
        rule = entry.replace("_", "-")
        asked = cbor2.dumps(request)
        schema(f"{rule}-request").validate_cbor(asked)
        failed, reply = self.call_bytes(entry, asked)
        reply = reply or b"\xf6"
        value = cbor2.loads(reply)
        if entry == "processor_process" and not failed:
            # One by one, for pycddl 0.6 refuses a list that comes after an error, where either may stand.
            for outcome in value:
                schema("records" if isinstance(outcome, list) else "error").validate_cbor(cbor2.dumps(outcome))
        else:
            schema("error" if failed else f"{rule}-reply").validate_cbor(reply)
        if failed:
            raise GuestFailed(value)
        return value

    def open(self, config=None, symbol="any", **more):
        """Open it as a host would."""
        context = {"plugin": "wardian-examples/any", "version": "1.0.0", "symbol": symbol, "instance": "one"}
        return self.call("plugin_open", {"config": config or {}, "context": context, **more})

    def run(self, seconds, start=START):
        """All records of a source from one time on, as a host gets them that asks as soon as it may."""
        now, found = start, []
        while now <= start + int(seconds * SECOND):
            reply = self.call("source_poll", {"now": now, "demand": 100})
            found += reply["records"]
            now += reply["wait_ms"] * 1_000_000
        return found
