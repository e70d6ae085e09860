"""One example a capability: what each of them does, and that no capability lacks one."""

from __future__ import annotations

import collections
import contextlib
import http.server
import re
import threading
import time
import urllib.parse

import pytest

from support.examples import NAMES, ROOT
from support.raw_guest import GuestFailed, Refused
from wardian import Grants, GuestError, Limits, PermissionDenied
from wardian.abi.contract import APP_MODULE, HOST_IMPORTS, TAKE, capability_of


def fails(call, *arguments):
    """The kind and the message of the error that a use of a plugin ends with."""
    with pytest.raises(GuestError) as caught:
        call(*arguments)
    return caught.value.kind, str(caught.value).rpartition("] ")[2]


@pytest.fixture
def action(c_guest, runtime):
    """Loads an example, and uses it as an action until the test ends."""
    with contextlib.ExitStack() as uses:
        yield lambda example, **arguments: uses.enter_context(runtime.load(c_guest(example), **arguments).action())


def shown(guest):
    """The capabilities that a module shows, judged by its imports; those that need no grant by the import's name."""
    imports = {(each.module, each.name) for each in guest.module.imports}
    return {module if module == APP_MODULE else capability_of(module, name) or name for module, name in imports}


def test_each_capability_has_an_example(example):
    known = {APP_MODULE, *(capability or name for name, capability in HOST_IMPORTS.items())}
    assert known - set().union(*(shown(example(name)) for name in NAMES)) == set()


def test_the_page_names_for_each_capability_an_example_that_uses_it(example):
    page = (ROOT / "docs" / "writing-plugins.md").read_text("utf-8")
    rows = [
        line.split("|") for line in page.partition("| capability | example |")[2].partition("\n\n")[0].splitlines()[2:]
    ]
    table = {
        name: re.findall(r"guest_examples/(\w+)", row[2]) for row in rows for name in re.findall(r"`(\w+)`", row[1])
    }
    assert set(table) == {APP_MODULE, *(capability or name for name, capability in HOST_IMPORTS.items())} - {TAKE}
    assert [name for name, examples in table.items() for each in examples if name not in shown(example(each))] == []
    assert all(table.values())


@pytest.mark.parametrize(
    ("name", "capability"),
    [
        ("draw_winners", "random"), ("measure_lag", "clock"), ("split_lines", "emit"), ("fetch_title", "http"),
        ("bump_version", "vars"), ("for_each", "actions"),
    ],
)  # fmt: skip
def test_without_its_grant_an_example_is_not_loaded(c_guest, runtime, name, capability):
    with pytest.raises(PermissionDenied, match=f"Grants.{capability}="):
        runtime.load(c_guest(name))


class TestDrawWinners:
    def test_every_name_has_the_same_chance_and_nobody_wins_twice(self, action):
        draw = action("draw_winners", grants=Grants(random=True))
        won = collections.Counter()
        for _ in range(3_000):
            winners = draw({"names": list("abc"), "winners": 2})
            assert len({*winners}) == 2
            won.update(winners)
        assert all(1_800 < won[name] < 2_200 for name in "abc")  # 2,000 each; beyond that once in 10^15

    def test_no_winner_and_no_name_are_fine(self, action):
        draw = action("draw_winners", grants=Grants(random=True))
        assert draw({"names": [], "winners": 0}) == draw({"names": ["a"], "winners": 0}) == []
        assert draw({"names": ["a"]}) == ["a"]

    @pytest.mark.parametrize(
        ("params", "said"),
        [
            ({}, "`names` must be a list of texts"),
            ({"names": ["a", 1]}, "`names` must be a list of texts"),
            ({"names": ["a"], "winners": 2}, "`winners` must be an integer from 0 to 1"),
            ({"names": ["a"], "winners": -1}, "`winners` must be an integer from 0 to 1"),
            ({"names": []}, "`winners` must be an integer from 0 to 0"),
        ],
    )
    def test_what_cannot_be_drawn_is_refused(self, action, params, said):
        assert fails(action("draw_winners", grants=Grants(random=True)), params) == ("invalid", said)

    def test_a_number_that_would_favour_the_first_names_is_thrown_away(self, example):
        numbers = [0, 1, 2, 3]  # 2^32 leaves 1 when it is divided by 3: the number 0 is one too many
        guest = example("draw_winners", host={"random_bytes": lambda size: numbers.pop(0).to_bytes(size, "little")})
        assert guest.call("action_call", {"params": {"names": list("abc")}, "vars": {}}) == ["b"]
        assert numbers == [2, 3]


class TestMeasureLag:
    def test_the_lag_is_there_beside_what_else_is_known(self, example):
        guest = example("measure_lag", host={"clock_now": lambda _: [5_000_000_000, 7]})
        records = [
            {"data": 1, "time": 2_000_000_000, "meta": {"a": "b", "lag_ms": 9}},
            {"data": 2, "time": 6_000_000_000},
        ]
        first, second = guest.call("processor_process", {"records": records})
        assert first == [{"data": 1, "time": 2_000_000_000, "meta": {"a": "b", "lag_ms": 3_000}}]
        assert second == [{"data": 2, "time": 6_000_000_000, "meta": {"lag_ms": -1_000}}]
        assert guest.metrics == [["longest_lag_ms", "histogram", 3_000.0, None]]

    def test_the_host_is_asked_once_for_a_batch(self, example):
        guest = example("measure_lag")
        guest.call("processor_process", {"records": [{"data": 1, "time": time.time_ns()}] * 50})
        assert [name for name, _ in guest.asked] == ["clock_now", "metric_record"]

    def test_without_a_time_there_is_no_lag_to_record(self, example):
        guest = example("measure_lag")
        (outcome,) = guest.call("processor_process", {"records": [{"data": 1}]})
        assert outcome["kind"] == "invalid"
        assert guest.metrics == []

    @pytest.mark.parametrize("moment", [-(2**63), 2**63 - 1])
    def test_the_farthest_times_are_that_far_away(self, example, moment):
        guest = example("measure_lag", host={"clock_now": lambda _: [5_000_000_000, 7]})
        ((record,),) = guest.call("processor_process", {"records": [{"data": 1, "time": moment}]})
        assert abs(record["meta"]["lag_ms"] - (5_000 - moment // 1_000_000)) <= 1

    def test_records_go_on_when_their_metric_is_refused(self, example):
        def refuse(_):
            raise Refused("exhausted", "a plugin may record 1000 series of metrics")

        guest = example("measure_lag", host={"metric_record": refuse})
        assert len(guest.call("processor_process", {"records": [{"data": 1, "time": 1}]})[0]) == 1


class TestSplitLines:
    def test_lines_are_records_in_batches_of_a_hundred(self, action):
        taken = []
        split = action("split_lines", grants=Grants(emit=True), on_emit=taken.append)
        text = "\n".join(str(number) for number in range(250))
        assert split({"text": text}) == {"lines": 250}
        assert [record.data for records in taken for record in records] == text.split("\n")

    @pytest.mark.parametrize("room", [1, 7, 100, 101])
    def test_what_is_not_taken_is_offered_in_another_call(self, example, room):
        taken = []

        def take(records):
            left = room - len(taken)
            taken.extend(record["data"] for record in records[:left])
            return min(left, len(records))

        lines, found, first = [f"line {number}" for number in range(230)], [], 0
        while first is not None:
            guest, taken = example("split_lines", host={"emit": take}), []
            params = {"text": "\n".join(lines), "from": first}
            first = guest.call("action_call", {"params": params, "vars": {}}).get("next")
            found += taken
        assert found == lines

    @pytest.mark.parametrize(
        ("params", "said"),
        [({"text": 1}, "`text` must be a text"), ({"text": "", "from": -1}, "`from` must be an integer of at least 0")],
    )
    def test_what_is_no_text_is_refused(self, action, params, said):
        assert fails(action("split_lines", grants=Grants(emit=True), on_emit=print), params) == ("invalid", said)


class TestFetchTitle:
    @pytest.fixture
    def page(self):
        """A server, whose answer is what the path asks for, and its address."""

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                status, _, body = self.path[1:].partition("/")
                self.send_response(int(status))
                self.end_headers()
                self.wfile.write(urllib.parse.unquote(body).encode())

            def log_message(self, *_): ...

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"127.0.0.1:{server.server_port}"
            server.shutdown()

    @pytest.mark.parametrize(
        ("path", "reply"),
        [
            ("200/<p><title>A page</title>", {"status": 200, "title": "A page"}),
            ("200/<title>never closed", {"status": 200, "title": None}),
            ("200/", {"status": 200, "title": None}),
            ("404/<title></title>", {"status": 404, "title": ""}),
            ("200/<title><title>a</title></title>", {"status": 200, "title": "<title>a"}),
        ],
    )
    def test_a_page_has_a_title_or_none(self, action, page, path, reply):
        url = f"http://{page}/{urllib.parse.quote(path)}"
        assert action("fetch_title", grants=Grants(http=[page]))({"url": url}) == reply

    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_what_may_be_another_answer_later_is_transient(self, action, page, status):
        fetch = action("fetch_title", grants=Grants(http=[page]))
        assert fails(fetch, {"url": f"http://{page}/{status}/"}) == ("transient", f"the server says {status}")

    def test_another_host_is_denied_and_what_is_no_url_invalid(self, action, page):
        fetch = action("fetch_title", grants=Grants(http=["example.org"]))
        assert fails(fetch, {"url": f"http://{page}/200/"})[0] == "denied"
        assert fails(fetch, {"url": 7}) == ("invalid", "`url` must be a text")


class TestBumpVersion:
    @pytest.mark.parametrize(
        ("version", "params", "next_one"),
        [
            ("0.0.0", {}, "0.0.1"), ("1.9.9", {"part": "patch"}, "1.9.10"), ("1.9.9", {"part": "minor"}, "1.10.0"),
            ("1.9.9", {"part": "major"}, "2.0.0"), ("0.0.999999999", {}, "0.0.1000000000"),
        ],
    )  # fmt: skip
    def test_a_part_is_counted_up_and_those_after_it_begin_again(self, example, version, params, next_one):
        guest = example("bump_version", state={"vars/version": version})
        assert guest.call("action_call", {"params": params, "vars": {}}) == next_one
        assert guest.state == {"vars/version": next_one}

    @pytest.mark.parametrize(
        "version", ["", "1", "1.2", "1.2.3.4", "1.2.x", "1..3", "1.2.", "1.2.3-rc1", "1.2.1234567890", 7]
    )
    def test_what_is_no_version_is_refused_and_stays(self, example, version):
        guest = example("bump_version", state={"vars/version": version})
        with pytest.raises(GuestFailed, match=r"^\[invalid\] `"):
            guest.call("action_call", {"params": {}, "vars": {}})
        assert guest.state == {"vars/version": version}

    def test_without_a_version_and_with_a_wrong_part_it_says_so(self, action):
        assert fails(action("bump_version", grants=Grants(vars=True)), {})[0] == "not_found"
        bump = action("bump_version", grants=Grants(vars=True), variables={"version": "1.2.3"}, name="other")
        assert fails(bump, {"part": "all"}) == ("invalid", "`part` must be `major`, `minor` or `patch`")


class TestForEach:
    def test_an_error_of_one_item_is_its_outcome_and_of_no_other(self, example):
        def answer(request):
            name, params = request
            if params["item"] == 2:
                raise Refused("invalid", "two is too many")
            return [name, params["item"]]

        guest = example("for_each", host={"action_call": answer})
        params = {"action": "tell", "items": [1, 2, None]}
        assert guest.call("action_call", {"params": params, "vars": {}}) == [
            {"result": ["tell", 1]}, {"error": "two is too many"}, {"result": ["tell", None]},
        ]  # fmt: skip

    def test_an_action_that_is_not_there_ends_the_call(self, action):
        for_each = action("for_each", grants=Grants(actions=True), actions={"one": str})
        kind, said = fails(for_each, {"action": "two", "items": [1]})
        assert (kind, said) == ("not_found", "there is no action `two`; there are: `one`")

    def test_it_stops_between_two_items_when_it_is_told_to(self, example):
        answers = [False, True]
        guest = example("for_each", host={"cancelled": lambda _: answers.pop(0)})
        with pytest.raises(GuestFailed, match="told to stop"):
            guest.call("action_call", {"params": {"action": "a", "items": [1, 2, 3]}, "vars": {}})
        assert [name for name, _ in guest.asked].count("action_call") == 1


class TestCountPrimes:
    @pytest.mark.parametrize(("below", "primes"), [(0, 0), (2, 0), (3, 1), (1_000, 168), (10_000, 1_229)])
    def test_primes_are_counted(self, action, below, primes):
        assert action("count_primes")({"below": below}) == {"primes": primes, "below": below}

    def test_what_is_told_to_stop_answers_with_what_it_has(self, c_guest, runtime):
        plugin = runtime.load(c_guest("count_primes"), limits=Limits(deadline="60s"))
        threading.Timer(0.1, plugin.cancel, [30]).start()
        with plugin.action() as count:
            found = count({"below": 2**32 - 1})
        assert found["below"] % 10_000 == 0
        assert 0 < found["primes"] < found["below"] < 2**32 - 1

    @pytest.mark.parametrize("below", [-1, 2**32, "many", None])
    def test_what_is_no_number_is_refused(self, action, below):
        assert fails(action("count_primes"), {"below": below})[0] == "invalid"
