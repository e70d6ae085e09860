"""Guests written in C, compiled by the SDK's own `wardian-cc`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

SDK = Path(__file__).parents[2] / "sdk" / "c"
PROBE = (SDK / "probe" / "probe.c", SDK / "probe" / "kinds.c")


def compile_guest(source, output, *options):
    """The module of a C source, or of several."""
    sources = [source] if isinstance(source, Path) else source
    command = [sys.executable, str(SDK / "wardian-cc"), *map(str, sources), "-o", str(output), *options]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return output


ANSWERS = [
    ("log", [2, "a line"], None),
    ("log", [4, "with fields", {"user": 7}], None),
    ("state_put", ["a", {"n": [1]}], None),
    ("state_put", ["b", 1, 60_000], None),
    ("state_get", "a", {"n": [1]}),
    ("state_get", "absent", None),
    ("state_add", ["counter", 5], 5),
    ("state_add", ["counter", -7], -2),
    ("state_swap", ["c", None, "new"], True),
    ("state_swap", ["c", "old", "newer"], False),
    ("state_keys", ["", None, 10], ["a", "b", "c", "counter"]),
    ("state_keys", ["c", "c", 10], ["counter"]),
    ("state_delete", "a", True),
    ("state_delete", "a", False),
    ("emit", [{"data": 1}, {"data": None}], 2),
    ("random_bytes", 5, b"\0\1\2\3\4"),
    ("http_request", {"method": "GET", "url": "http://x/"}, {"status": 200, "headers": {}, "body": b"http://x/"}),
    ("metric_record", ["seconds", "histogram", 0.5, {"path": "/"}], None),
    ("metric_record", ["seen", "counter", 1, None], None),
    ("template_expand", "for {name}", "for Ada"),
    ("vars_set", ["v", [1]], None),
    ("vars_get", "v", [1]),
    ("action_call", ["notify", {"to": "x"}], {"action": "notify", "params": {"to": "x"}}),
    ("extension_call", ["kv", "get", "k"], ["kv", "get", "k"]),
    ("cancelled", None, False),
]


def block(page, language, number=0):
    """The code of one of a page's blocks in this language."""
    """A fenced block of a page."""
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)[number]
