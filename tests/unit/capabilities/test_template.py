import pytest

from wardian.capabilities.template import Template
from wardian.capabilities.variables import Variables, View
from wardian.errors import CapabilityError
from wardian.sandbox.deadline import Call


@pytest.fixture
def view():
    return View(Variables({"name": "Ada"}))


def test_a_text_is_expanded_with_what_the_call_has_set_as_well(view):
    call = Call()
    view.set(call, "n", 2)
    assert Template(view).expand(call, "{{ name }} {{ n * 2 }}") == "Ada 4"


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        (None, "invalid", "expected a text"), ("{{ nmae }}", "invalid", "did you mean `name`?"),
        ("{{ name", "invalid", "does not end"), ("{% ls %}", "denied", "may not run commands"),
        ("{{" + "-" * 50 + "1}}", "exhausted", "too deep"), ("x" * 70_000, "exhausted", "at most"),
    ],
)  # fmt: skip
def test_a_wrong_text_is_an_answer_that_says_what_is_wrong(view, text, kind, said):
    with pytest.raises(CapabilityError) as caught:
        Template(view).expand(Call(), text)
    assert caught.value.kind == kind
    assert said in caught.value.message
