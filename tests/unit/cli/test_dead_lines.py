from support.letters import letter
from wardian.cli.dead_lines import as_dict, listed, whole


def test_a_time_that_no_clock_says_is_shown_as_it_is():
    assert "  given up   10000000000000000000 ms" in list(whole(letter(at_ms=10**19)))


def test_what_is_not_known_is_left_out():
    text = "\n".join(whole(letter(kind="", code="trap", attempts=1)))
    assert "of plugin" not in text
    assert "details" not in text
    assert "after      1 attempt\n" in text
    assert "error      trap\n" in text


def test_an_error_whose_kind_is_its_code_is_named_once():
    assert "  transient  " in list(listed([letter(kind="transient", code="transient")], {"words": (1, 9)}))[1]


def test_plain_data_has_every_field_and_the_name_of_the_letter():
    made = as_dict(letter(id=7, details={"a": b"\0"}))
    assert (made["letter"], made["details"], made["key"]) == ("words/7", {"a": b"\0"}, "words/lines/1/0")
