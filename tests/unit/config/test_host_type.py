"""`wardian.config.host_type`: room for what the host makes itself."""

from wardian.config.host_type import HostType
from wardian.document.shapes import MapOf, Text

TYPES = {"file": HostType("file", frozenset({"sources", "sinks"}), MapOf(Text(names=("path",)), Text()))}


def test_a_type_that_is_registered_is_taken_with_its_own_shape(project, problems):
    text = "sources:\n  x:\n    type: file\n    config: [{path: a}, {path: b}]\n"
    assert project(text, types=TYPES).sources["x"].type == "file"
    (problem,) = problems("sources:\n  x:\n    type: file\n    config: {pth: a}\n", types=TYPES)
    assert (problem.line, problem.path) == (5, "sources.x.config.pth")


def test_nobody_else_is_known(problems):
    assert problems("sources: {x: {type: file}}")[0].expected == "what the host makes in `sources`: none"
    assert problems("steps: {x: {type: file}}", types=TYPES)[0].path == "steps.x.type"


def test_what_belongs_to_a_plugin_is_refused_for_it(problems):
    found = problems("sources:\n  x: {type: file, symbol: a, fresh: true}\n", types=TYPES)
    assert [each.path for each in found] == ["sources.x.symbol", "sources.x.fresh"]
