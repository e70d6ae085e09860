"""`wardian up`, seen from outside: metrics, status, logs and traces tell of one run."""

import hashlib
import json
import re
import urllib.request

import pytest

from support.commands import wardian
from support.flows import flow_wasm
from support.ups import flow, whole


@pytest.fixture
def folder(up_folder):
    return up_folder


class TestSeeing:
    def test_traces_go_where_the_environment_says_and_each_goes_from_source_to_sink(self, folder):
        folder.write(flow(count=5))
        done = wardian("up", str(folder.file), OTEL_TRACES_EXPORTER="console")
        assert done.returncode == 0, done.stderr.decode()
        decoder, text, spans = json.JSONDecoder(), done.stdout.decode().strip(), []
        while text:
            span, end = decoder.raw_decode(text)
            spans.append(span)
            text = text[end:].strip()
        (poll,) = [each for each in spans if each["name"] == "poll numbers"]
        trace = {each["name"] for each in spans if each["context"]["trace_id"] == poll["context"]["trace_id"]}
        assert {"poll numbers", "batch p", "step mark", "sink out"} <= trace
        assert whole(folder.records()) == 5

    def test_metrics_status_and_the_log_tell_of_one_run(self, folder):
        up = folder.start("--metrics", "0", "--log-format", "json")
        up.said("metrics are at")
        address = re.search(r"http://[0-9.:]+/metrics", up.text())[0]
        folder.until(20)
        with urllib.request.urlopen(address, timeout=30) as answer:
            scraped = answer.read().decode()
        labels = 'member="mark",pipeline="p",plugin="flow",role="step"'
        count = re.search(rf"^wardian_records_out_total{{{labels}}} (\S+)$", scraped, re.MULTILINE)
        assert float(count[1]) >= 20
        digest = hashlib.sha256(flow_wasm()).hexdigest()
        assert f'digest="{digest}",{labels}' in scraped
        member = next(each for each in folder.status()["p"]["members"] if each["name"] == "mark")
        assert (member["running"]["digest"], member["counts"]["records_out"] >= float(count[1])) == (digest, True)
        assert {"time", "level", "message"} <= json.loads(up.text().splitlines()[0]).keys()
