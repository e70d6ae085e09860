"""The examples that work on records, rows and calls: what is right, what fails alone, and what fails as a whole."""

import pytest

from support.raw_guest import GuestFailed, Refused

SLOGANS = [
    "Impossible is nothing", "Stronger than dirt", "Belong anywhere", "I can'T believe I ate the whole thing",
    "You're in good hands", "Don'T leave home without it", "Think different", "We try harder",
]  # fmt: skip
SUMS = [3, 6, 8, 16, 20, 25, 27, 30]


def fails(guest, entry, request):
    with pytest.raises(GuestFailed) as failed:
        guest.call(entry, request)
    return failed.value.error["kind"], failed.value.error["message"]


class TestAccumulateWordCount:
    def test_it_counts_on_from_row_to_row_and_from_call_to_call(self, example):
        guest = example("accumulate_word_count")
        rows = [[text, " "] for text in SLOGANS]
        assert guest.call("function_call", {"rows": rows[:3]}) == [{"value": total} for total in SUMS[:3]]
        again = example("accumulate_word_count", state=guest.state)
        assert again.call("function_call", {"rows": rows[3:]}) == [{"value": total} for total in SUMS[3:]]

    @pytest.mark.parametrize(
        ("text", "separator", "words"),
        [
            ("", " ", 0),
            (" ", " ", 0),
            ("a  b", " ", 2),
            ("a, b,c", ", ", 2),
            ("aa", "a", 0),
            ("ß→é", "→", 2),
            ("x", "xy", 1),
        ],
    )
    def test_words_are_what_stands_between_separators(self, example, text, separator, words):
        rows = {"rows": [[text, separator]]}
        assert example("accumulate_word_count").call("function_call", rows) == [{"value": words}]

    @pytest.mark.parametrize("row", [[], ["a"], [1, " "], [None, " "], ["a", 1], ["a", ""], [b"a", " "]])
    def test_a_row_that_is_wrong_fails_alone_and_counts_nothing(self, example, row):
        outcomes = example("accumulate_word_count").call("function_call", {"rows": [["one", " "], row, ["two", " "]]})
        assert (outcomes[0], outcomes[1]["kind"], outcomes[2]) == ({"value": 1}, "invalid", {"value": 2})

    @pytest.mark.parametrize(
        ("args", "said"),
        [
            ([], "only supports 2 parameter but got 0"),
            ([{"column": "slogan", "type": "text"}], "only supports 2 parameter but got 1"),
            ([{"literal": "a"}] * 3, "only supports 2 parameter but got 3"),
            ([{"literal": "a"}, {"column": "sep", "type": "text"}], "must be a text literal"),
            ([{"literal": "a"}, {"literal": 1}], "must be a text literal"),
            ([{"literal": "a"}, {"literal": ""}], "must be a text literal"),
        ],
    )
    def test_arguments_are_judged_as_they_are_written(self, example, args, said):
        kind, message = fails(example("accumulate_word_count"), "function_validate", {"args": args})
        assert (kind, said in message) == ("invalid", True)

    def test_a_column_and_a_literal_are_right(self, example):
        args = [{"column": "slogan", "type": "text"}, {"literal": " "}]
        assert example("accumulate_word_count").call("function_validate", {"args": args}) is None

    def test_a_store_that_refuses_fails_the_whole_call(self, example):
        def refuse(_):
            raise Refused("exhausted", "no more keys")

        guest = example("accumulate_word_count", host={"state_add": refuse})
        assert fails(guest, "function_call", {"rows": [["a", " "]]}) == ("exhausted", "no more keys")

    def test_thousands_of_rows_take_no_more_memory_than_their_reply(self, example):
        guest = example("accumulate_word_count")
        outcomes = guest.call("function_call", {"rows": [["a b", " "]] * 5000})
        assert outcomes[-1] == {"value": 10_000}
        assert guest.memory_size < 2**20


class TestParseLines:
    def test_good_lines_go_on_and_each_bad_one_is_an_error_of_its_own(self, example):
        lines = ["a=1 b=two", "bad", "", "# note", 'm="x y" z=', "=1", 'q="open', "a=1 a=2", "ü=ß"]
        outcomes = example("parse_lines").call("processor_process", {"records": [{"data": line} for line in lines]})
        assert [each[0]["data"] if each else each for each in outcomes if isinstance(each, list)] == [
            {"a": "1", "b": "two"}, [], [], {"m": "x y", "z": ""}, {"ü": "ß"},
        ]  # fmt: skip
        errors = [each for each in outcomes if isinstance(each, dict)]
        assert [(each["kind"], each["code"], each["details"]["line"]) for each in errors] == [
            ("invalid", "bad_line", line) for line in ("bad", "=1", 'q="open', "a=1 a=2")
        ]

    def test_what_a_record_says_beside_its_line_goes_on_with_it(self, example):
        record = {"data": "a=1", "type": "log", "time": 5, "key": b"k", "tags": {"t": 1}, "meta": {}, "path": "p"}
        (outcome,) = example("parse_lines").call("processor_process", {"records": [record]})
        assert outcome == [{**record, "data": {"a": "1"}}]

    def test_data_that_is_no_text_is_an_error_of_its_own(self, example):
        outcomes = example("parse_lines").call("processor_process", {"records": [{"data": 7}, {"data": b"a=1"}]})
        assert [each["kind"] for each in outcomes] == ["invalid", "invalid"]


class TestWords:
    def test_each_word_is_a_record_with_what_its_text_says_beside_it(self, example):
        record = {"data": "To be, or not", "type": "log", "key": b"k", "tags": {"t": 1}, "path": "p"}
        (outcome,) = example("split_words").call("processor_process", {"records": [record]})
        assert outcome == [{**record, "data": word} for word in ("to", "be", "or", "not")]

    @pytest.mark.parametrize("text", ["", " ", "7 - 8", "…"])
    def test_a_text_without_words_is_dropped(self, example, text):
        assert example("split_words").call("processor_process", {"records": [{"data": text}]}) == [[]]

    def test_words_that_are_shorter_than_is_configured_are_left_out(self, example):
        guest = example("split_words")
        guest.open({"least": 3})
        (outcome,) = guest.call("processor_process", {"records": [{"data": "a bc def ghij"}]})
        assert [each["data"] for each in outcome] == ["def", "ghij"]

    @pytest.mark.parametrize("least", [0, 65, "3", 1.5])
    def test_no_other_number_of_letters_is_taken(self, example, least):
        with pytest.raises(GuestFailed) as failed:
            example("split_words").open({"least": least})
        assert failed.value.error["kind"] == "config"

    @pytest.mark.parametrize(
        ("word", "key", "length"), [("a", "a", 1), ("über", "ü", 4), ("🙂!", "🙂", 2), ("→→", "→", 2)]
    )
    def test_a_word_is_measured_in_characters_and_its_first_one_is_the_key(self, example, word, key, length):
        record = {"data": word, "key": "old", "tags": {"t": 1}}
        (outcome,) = example("measure_words").call("processor_process", {"records": [record]})
        assert outcome == [{"data": length, "key": key, "tags": {"t": 1}}]

    @pytest.mark.parametrize("name", ["split_words", "measure_words"])
    def test_what_is_no_text_is_an_error_of_its_own(self, example, name):
        outcomes = example(name).call("processor_process", {"records": [{"data": 7}, {"data": "b"}, {"data": b"c"}]})
        assert [isinstance(each, list) or each["kind"] for each in outcomes] == ["invalid", True, "invalid"]


def entry(status, url="/"):
    return {"status": status, "url": url}


class TestClassify:
    def test_records_are_sent_by_status_and_health_checks_are_dropped(self, example):
        records = [{"data": entry(status)} for status in (200, 302, 404, 500)] + [{"data": entry(200, "/healthz")}]
        outcomes = example("classify").call("processor_process", {"records": records})
        assert [[record.get("path") for record in each] for each in outcomes] == [
            [None],
            [None],
            ["refused"],
            ["errors"],
            [],
        ]

    def test_a_record_of_many_entries_becomes_one_for_each(self, example):
        record = {
            "data": [entry(200), entry(204, "/healthz"), entry(502)],
            "key": "web",
            "path": "old",
            "tags": {"a": 1},
        }
        (split,) = example("classify").call("processor_process", {"records": [record]})
        kept = {"key": "web", "tags": {"a": 1}}
        assert split == [{**kept, "data": entry(200)}, {**kept, "data": entry(502), "path": "errors"}]

    @pytest.mark.parametrize(
        "data", [None, "GET /", {}, entry(99), entry(600), entry("200"), {"status": 200}, [entry(200), 5]]
    )
    def test_an_entry_that_is_none_fails_its_record_alone(self, example, data):
        outcomes = example("classify").call("processor_process", {"records": [{"data": data}, {"data": entry(200)}]})
        assert (outcomes[0]["kind"], len(outcomes[1])) == ("invalid", 1)

    def test_the_health_check_is_configured(self, example):
        for health, left in (("/ping", 1), ("", 2), (None, 1)):
            guest = example("classify")
            guest.open({"health": health})
            data = [entry(200, "/ping"), entry(200, "/healthz")]
            assert len(guest.call("processor_process", {"records": [{"data": data}]})[0]) == left
        with pytest.raises(GuestFailed, match=r"\[config\]"):
            example("classify").open({"health": 1})
