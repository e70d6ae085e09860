"""The examples of capabilities on the real runtime: what a limit, a failure and the end of a call do to them."""

from __future__ import annotations

import contextlib
import http.server
import threading
from urllib.parse import quote, unquote_to_bytes

import pytest

from wardian import Cancelled, CapabilityError, Grants, GuestError, LimitExceeded, Limits, Record
from wardian.capabilities.variables import Variables

NUMBERS = "\n".join(str(number) for number in range(250))


@pytest.fixture
def loaded(c_guest, runtime):
    """Loads an example, to the end of the test."""
    return lambda example, **arguments: runtime.load(c_guest(example), **arguments)


@pytest.fixture
def action(loaded):
    """Loads an example, and uses it as an action until the test ends."""
    with contextlib.ExitStack() as uses:
        yield lambda example, **arguments: uses.enter_context(loaded(example, **arguments).action())


class TestSplitLines:
    @pytest.mark.parametrize("most", [1, 99, 100, 150, 200])
    def test_a_text_of_more_lines_than_a_call_may_emit_comes_in_several(self, action, most):
        taken, calls = [], []
        split = action("split_lines", grants=Grants(emit=True), on_emit=taken.extend, limits=Limits(emitted=most))
        reply = {"next": 0}
        while "next" in reply:
            reply = split({"text": NUMBERS, "from": reply["next"]})
            calls.append(reply["lines"])
        assert [record.data for record in taken] == NUMBERS.split("\n")
        assert max(calls) == most

    def test_where_nothing_may_be_emitted_the_limit_is_named(self, action):
        split = action("split_lines", grants=Grants(emit=True), on_emit=print, limits=Limits(emitted=0))
        with pytest.raises(LimitExceeded, match="`emitted`"):
            split({"text": NUMBERS})

    def test_where_nobody_takes_records_it_is_denied(self, action):
        with pytest.raises(GuestError, match=r"\[denied\]"):
            action("split_lines", grants=Grants(emit=True))({"text": NUMBERS})

    @pytest.mark.parametrize(("text", "lines"), [("", []), ("\n", [""]), ("a", ["a"]), ("ü\n\nb\n", ["ü", "", "b"])])
    def test_a_line_may_be_empty_and_its_end_may_be_the_texts(self, action, text, lines):
        taken = []
        split = action("split_lines", grants=Grants(emit=True), on_emit=taken.extend)
        assert split({"text": text}) == {"lines": len(lines)}
        assert [record.data for record in taken] == lines


class TestAsksSeldom:
    """A call may ask the host only so often, and an example to learn from does not ask for each small thing."""

    def test_thousands_of_winners_are_drawn_with_few_questions(self, action):
        names = [str(number) for number in range(3_000)]
        draw = action("draw_winners", grants=Grants(random=True), limits=Limits(host_calls=20))
        winners = draw({"names": names, "winners": 3_000})
        assert sorted(winners) == sorted(names)
        assert winners != names

    def test_no_random_number_is_left_for_another_call(self, example):
        asked = []

        def random_bytes(size):
            asked.append(size)
            return b"\xff" * size

        guest = example("draw_winners", host={"random_bytes": random_bytes})
        for winners in (1, 300, 3):
            guest.call("action_call", {"params": {"names": ["a"] * 300, "winners": winners}, "vars": {}})
        assert asked == [4, 1024, 176, 12]

    def test_a_lag_is_measured_of_thousands_of_records_with_two_questions(self, loaded):
        plugin = loaded("measure_lag", grants=Grants(clock=True), limits=Limits(host_calls=4, deadline="20s"))
        with plugin.processor() as measure:
            assert len(measure([Record(number, time=1) for number in range(3_000)])) == 3_000
            ((series, reading),) = measure.metrics().items()
        assert (series.name, series.kind, reading.count) == ("longest_lag_ms", "histogram", 1)

    def test_primes_are_counted_with_a_question_for_ten_thousand_numbers(self, action):
        count = action("count_primes", limits=Limits(host_calls=60, deadline="20s"))
        assert count({"below": 300_000}) == {"primes": 25_997, "below": 300_000}


class TestFetchTitle:
    @pytest.fixture
    def here(self):
        """The address of a server that answers with what stands in the path."""

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(unquote_to_bytes(self.path[1:]))

            def log_message(self, *_): ...

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"127.0.0.1:{server.server_port}"
            server.shutdown()

    def test_a_title_in_another_encoding_is_no_fault_of_the_plugin(self, action, here):
        with pytest.raises(GuestError, match=r"\[invalid\] the title: a text is not UTF-8"):
            action("fetch_title", grants=Grants(http=[here]))({"url": f"http://{here}/%3Ctitle%3Ecaf%E9%3C/title%3E"})

    def test_a_page_that_is_too_large_names_the_limit(self, action, here):
        fetch = action("fetch_title", grants=Grants(http=[here]), limits=Limits(http_response="1KiB"))
        assert fetch({"url": f"http://{here}/{quote('<title>small</title>')}"})["title"] == "small"
        with pytest.raises(LimitExceeded, match="`http_response`"):
            fetch({"url": f"http://{here}/{'x' * 1025}"})

    def test_a_server_that_is_not_there_may_be_there_later(self, action):
        with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
            gone = f"127.0.0.1:{server.server_port}"
        with pytest.raises(GuestError, match=r"\[transient\]"):
            action("fetch_title", grants=Grants(http=[gone]))({"url": f"http://{gone}/"})


def test_the_next_call_of_a_job_finds_the_version_and_a_failed_call_leaves_it(action):
    bump, job = action("bump_version", grants=Grants(vars=True)), Variables({"version": "1.2.3"})
    assert [bump({}, job), bump({"part": "minor"}, job), bump({}, job)] == ["1.2.4", "1.3.0", "1.3.1"]
    with pytest.raises(GuestError, match=r"\[invalid\] `part`"):
        bump({"part": "none"}, job)
    assert job.values() == {"version": "1.3.1"}


class TestForEach:
    def test_each_item_is_given_to_another_plugin(self, action, loaded):
        primes = loaded("count_primes")

        def count(params):
            with primes.action() as count_primes:
                return count_primes({"below": params["item"]})["primes"]

        for_each = action("for_each", grants=Grants(actions=True), actions={"count": count})
        first, second = for_each({"action": "count", "items": [100, -1]})
        assert first == {"result": 25}
        assert second == {"error": "`below` must be an integer from 0 to 4294967295"}

    @pytest.mark.parametrize(
        ("params", "said"),
        [
            ({"items": []}, "`action` must be a text"),
            ({"action": 1, "items": []}, "`action` must be a text"),
            ({"action": "a"}, "`items` must be a list"),
            ({"action": "a", "items": {}}, "`items` must be a list"),
        ],
    )
    def test_what_it_cannot_go_through_is_refused(self, action, params, said):
        with pytest.raises(GuestError, match=rf"\[invalid\] {said}"):
            action("for_each", grants=Grants(actions=True), actions={"a": str})(params)

    def test_what_is_told_to_stop_calls_no_further_action(self, loaded):
        called = []

        def stop(params):
            called.append(params["item"])
            if params["item"] == 2:
                plugin.cancel(30)
            raise CapabilityError("invalid", "no")

        plugin = loaded("for_each", grants=Grants(actions=True), actions={"stop": stop}, limits=Limits(deadline="60s"))
        with plugin.action() as for_each, pytest.raises(GuestError, match=r"\[transient\] told to stop"):
            for_each({"action": "stop", "items": [1, 2, 3, 4]})
        assert called == [1, 2]


def test_counting_without_a_grace_is_ended_without_an_answer(loaded):
    plugin = loaded("count_primes", limits=Limits(deadline="60s"))
    threading.Timer(0.1, plugin.cancel).start()
    with plugin.action() as count, pytest.raises(Cancelled):
        count({"below": 2**32 - 1})
