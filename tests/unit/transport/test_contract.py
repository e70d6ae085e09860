from wardian.transport.contract import DeadLetter, Entry


def test_an_entry_of_a_source_begins_at_the_first_step_and_was_never_tried():
    entry = Entry(1, "lines", {"data": 1})
    assert (entry.start, entry.attempts) == ("", 0)


def test_a_dead_letter_has_no_number_until_the_store_gives_it_one():
    letter = DeadLetter(
        pipeline="p", member="parse", source="lines", cursor=1, key="p/lines/1/0", value={"data": 1}, kind="invalid",
        code="bad", message="no", attempts=1, at_ms=0,
    )  # fmt: skip
    assert (letter.id, letter.details, letter.trace, letter.digest) == (0, None, "", "")
