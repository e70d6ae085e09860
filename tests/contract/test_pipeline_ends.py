"""How a pipeline comes to its end, and what becomes then of what is on its way."""

from __future__ import annotations

import threading
import time
import urllib.request

import pytest

from support.flow_text import PLAIN, TEXT
from support.flows import Capture
from wardian import GuestError


def test_stopping_delivers_what_is_in_memory_and_ending_does_not_wait(flow):
    made = flow(count=-1, captures={"out": Capture()})
    made.run.start()
    while len(made.captures["out"].values) < 50:
        time.sleep(0.002)
    assert made.run.stop(10)
    assert made.run.state == "stopped"
    data = made.captures["out"].data()
    assert data == list(range(len(data)))
    assert made.log.backlog() == (0, 0)

    endless = flow(values=["loop"] * 50, on_error="attempts: 1000, delay: 10s")
    endless.run.start()
    time.sleep(0.1)
    began = time.monotonic()
    assert not endless.run.stop(0.2)
    assert time.monotonic() - began < 5
    assert endless.run.state == "stopped"


@pytest.mark.parametrize("answer", ["taken", "kept"])
def test_what_a_webhook_has_answered_for_is_delivered_though_the_pipeline_stops(flow, tmp_path, answer):
    text = """
version: 1
sources: {{hook: {{type: webhook, config: {{listen: "127.0.0.1:0", answer: {}}}}}}}
sinks: {{out: {{type: file, config: {{path: "{}"}}}}}}
pipelines: {{p: {{sources: [hook], sinks: [out], delivery: at_most_once}}}}
""".format(answer, tmp_path / "out.jsonl")  # fmt: skip
    capture = Capture()
    capture.hold.clear()
    made = flow(text=text, captures={"out": capture})
    made.run.start()
    hook = made.run._uses["hook"]
    for number in range(250):
        request = urllib.request.Request(
            f"http://127.0.0.1:{hook.port}/", data=b"%d" % number, headers={"Content-Type": "application/json"}
        )
        assert urllib.request.urlopen(request).status == 202
    threading.Timer(0.2, capture.hold.set).start()
    assert made.run.stop(10)
    assert sorted(capture.data()) == list(range(250))


def test_a_member_that_cannot_be_closed_keeps_no_other_open(flow, caplog):
    class Stuck(Capture):
        def close(self):
            raise OSError("the disk is gone")

    two = {"out": Stuck(), "more": Capture()}
    made = flow(sinks="out, more", captures=two).all()
    assert made.run.state == "done"
    assert two["more"].closed
    assert "p/out could not be closed" in caplog.text


@pytest.mark.parametrize("delivery", ["at_most_once", "at_least_once"])
def test_where_one_source_can_go_on_no_more_the_others_stop_and_what_they_gave_is_delivered(flow, delivery):
    class Broken:
        drains, interval, digest = False, None, ""
        bytes_in = bytes_out = memory = 0
        stopped = False

        def poll_values(self, demand):
            raise GuestError("config", "it is not configured")

        def stop(self):
            self.stopped = True

        close = stop

    text = TEXT.format(**{**PLAIN, "count": -1, "rules": f"delivery: {delivery}"})
    text = text.replace("sources: {numbers:", "sources: {broken: {plugin: flow}, numbers:")
    text = text.replace("sources: [numbers]", "sources: [numbers, broken]")
    made = flow(text=text, captures={"out": Capture(), "broken": Broken()}).all()
    assert (made.run.state, made.run.error.kind) == ("failed", "config")
    data = made.captures["out"].data()
    assert data == list(range(len(data)))
