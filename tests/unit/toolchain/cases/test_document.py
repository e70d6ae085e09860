import pytest

from wardian.errors import ConfigError
from wardian.toolchain.cases.document import plain, read

GOOD = """\
config: {size: 1}
cases:
  - name: one
    config: {size: 2}
    entry: action_call
    input: {params: {}}
    output: null
    logs: [said, {level: warn, message: louder}]
  - name: two
    calls:
      - {entry: aggregator_add, input: {records: []}}
      - {entry: aggregator_flush, error: {kind: invalid}}
"""


@pytest.fixture
def cases(tmp_path):
    """Reads a text as the `cases.yaml` that it is in."""

    def made(text):
        path = tmp_path / "cases.yaml"
        path.write_text(text)
        return read(path)

    return made


def test_a_case_has_one_call_or_several(cases):
    document = cases(GOOD)
    assert plain(document.config) == {"size": 1}
    one, two = document.cases
    assert [(call.entry, plain(call.input)) for call in one.asked] == [("action_call", {"params": {}})]
    assert [call.entry for call in two.asked] == ["aggregator_add", "aggregator_flush"]
    assert [(each.level, each.message) for each in one.asked[0].logs] == [(None, "said"), ("warn", "louder")]
    assert two.asked[1].error.kind == "invalid"


def test_null_is_something_and_what_is_not_said_is_not(cases):
    one, two = cases(GOOD).cases
    assert one.asked[0].says("output")
    assert not two.asked[0].says("output")
    assert one.asked[0].output is None


def problems(cases, text):
    with pytest.raises(ConfigError, match="these cases are wrong") as refused:
        cases(text)
    return refused.value.problems


def test_every_problem_is_told_at_once_with_its_line(cases):
    found = problems(
        cases,
        """\
cases:
  - entry: action_call
    inptu: 1
  - name: two
    entry: action_call
    error: {kind: wrong}
  - name: three
  - name: two
    entry: action_call
    calls: [{entry: a}]
""",
    )
    assert [each.line for each in found] == sorted(each.line for each in found)
    assert {2, 3, 6} <= {each.line for each in found}
    assert "did you mean `input`?" in "\n".join(found)


@pytest.mark.parametrize(
    ("case", "line", "said"),
    [
        ("{name: a, entry: x, output: 1, error: {}}", 2, "an `output` or an `error`"),
        ("{name: a, entry: plugin_open, input: {}}", 2, "no input of `plugin_open`"),
        ("{name: a, calls: [{entry: x}, {entry: plugin_open}]}", 2, "`plugin_open` as the first call"),
        ("{name: a, calls: [{entry: x}], output: 1}", 2, "`output` in one of the `calls`"),
        ("{name: a, calls: []}", 2, "1 to"),
        ("{name: a, entry: x, host: {app: {f: 1}}}", 2, "`answer: …`, `error: …`, or a list"),
        ("{name: a, entry: x, host: {app: {f: {answer: 1, error: {kind: invalid}}}}}", 2, "exactly one of"),
        ("{name: a, entry: x, logs: [1]}", 2, "a map with the keys"),
    ],
)
def test_what_does_not_go_together_is_refused(cases, case, line, said):
    (found, *_) = problems(cases, f"cases:\n  - {case}\n")
    assert found.line == line
    assert said in found


def test_two_cases_of_one_name_are_refused(cases):
    (found,) = problems(cases, "cases:\n  - {name: a, entry: x}\n  - {name: a, entry: y}\n")
    assert (found.line, found.path) == (3, "cases[1].name")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        read(tmp_path / "cases.yaml")
