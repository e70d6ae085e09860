"""`wardian.engine.log_form`: a line of a log, for people and as JSON."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from wardian.engine.log_form import Entry, as_json, as_text

AT = 1_769_860_800.25  # 2026-01-31, noon


def test_people_read_when_how_grave_who_and_what():
    entry = Entry(AT, "info", "counted 3 words", "words", "count", "counter", {"lines": 3, "text": "a b"})
    assert as_text(entry) == '2026-01-31T12:00:00.250Z info  words/count counter: counted 3 words lines=3 text="a b"'


def test_json_has_the_fields_of_a_plugin_apart_from_those_of_the_host():
    entry = Entry(AT, "warn", "odd", "words", "count", "counter", {"pipeline": "forged", "level": "error"})
    assert json.loads(as_json(entry)) == {
        "time": "2026-01-31T12:00:00.250Z", "level": "warn", "message": "odd", "pipeline": "words", "member": "count",
        "plugin": "counter", "fields": {"pipeline": "forged", "level": "error"},
    }  # fmt: skip


def test_the_engine_speaks_for_itself_or_of_a_pipeline():
    assert as_text(Entry(AT, "info", "started")).endswith("Z info  started")
    assert as_text(Entry(AT, "error", "failed", "words")).endswith("Z error words: failed")
    assert json.loads(as_json(Entry(AT, "info", "started"))).keys() == {"time", "level", "message"}


def test_a_long_value_is_cut_where_people_read_it_and_whole_as_json():
    entry = Entry(AT, "info", "m", fields={"x": "y" * 1_000})
    assert as_text(entry).endswith(f"x={'y' * 199}…")
    assert json.loads(as_json(entry))["fields"]["x"] == "y" * 1_000


TEXT = st.text(st.characters(), max_size=20)


@given(TEXT, TEXT, st.dictionaries(TEXT, TEXT | st.integers() | st.floats() | st.binary() | st.lists(TEXT), max_size=3))
def test_whatever_is_said_is_one_line_that_no_terminal_obeys(message, name, fields):
    entry = Entry(AT, "info", message, name, name, name, fields)
    for line in (as_text(entry), as_json(entry)):
        assert line.isprintable()
    assert json.loads(as_json(entry))["level"] == "info"
