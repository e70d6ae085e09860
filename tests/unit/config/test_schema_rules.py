"""`wardian.config.schema_rules`: the part of JSON Schema whose check can be bounded."""

import pytest

from wardian.config.schema_rules import flaw_of


@pytest.mark.parametrize(
    "schema",
    [
        {}, {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://x.example/y"},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#"}}},
        {"properties": {"$id": {}, "unevaluatedItems": {}, "$ref": {}}},
        {"const": {"$ref": "http://x"}}, {"enum": [{"$id": "x"}]}, {"default": {"unevaluatedItems": 1}},
    ],
)  # fmt: skip
def test_what_can_be_bounded_has_no_flaw(schema):
    assert flaw_of(schema) == ""


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, "dialect"), ({"$schema": 5}, "dialect"),
        ({"$ref": "http://x.example/"}, "leads out"), ({"$ref": "other.json#/a"}, "leads out"),
        ({"$ref": 5}, "leads out"),
        ({"properties": {"a": {"$ref": "file:///etc/passwd"}}}, "leads out"), ({"items": {"$id": "x"}}, "within"),
        ({"allOf": [{"unevaluatedProperties": False}]}, "no bound"), ({"$dynamicRef": "#a"}, "no bound"),
        ({5: {}}, "no text"), ({"enum": 1, "a": [{}] * 20_001}, "20,000"),
    ],
)  # fmt: skip
def test_what_cannot_is_refused_and_said_why(schema, said):
    assert said in flaw_of(schema)


def test_no_depth_breaks_it():
    schema = {}
    for _ in range(100_000):
        schema = {"not": schema}
    assert "64 levels" in flaw_of(schema)
    while schema:
        schema = schema["not"]  # one by one, so that the interpreter need not
