"""Files that race, fill up and are killed: every line comes once, and none is left half written."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from wardian import ConfigError, Record
from wardian.endpoints import open_sink, open_source

LIMITED = """
import resource, sys
from wardian import Record
from wardian.endpoints import open_sink
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
with open_sink("file", {"path": sys.argv[1], "format": "text"}) as sink:
    outcomes = []
    for number in range(30):
        outcomes += sink.write([Record(f"{number:03}" * 20)] * 2)
    print(sum(outcome is None for outcome in outcomes), {each.kind for each in outcomes if each}, flush=True)
"""

WRITES_FOR_EVER = """
import sys
from wardian import Record
from wardian.endpoints import open_sink
sink = open_sink("file", {"path": sys.argv[1]})
number = 0
while True:
    sink.write([Record({"n": number, "text": "x" * 5000})] * 50)
    number += 1
    print(number, flush=True)
"""


def test_case_5_a_disk_that_is_full_fails_records_as_transient_and_leaves_no_half_line(tmp_path):
    path = tmp_path / "out"
    done = subprocess.run([sys.executable, "-c", LIMITED, path], capture_output=True, text=True, check=True)
    taken, kinds = done.stdout.split(maxsplit=1)
    assert kinds.strip() == "{'transient'}"
    lines = path.read_text().splitlines(keepends=True)
    assert len(lines) == int(taken) == 16
    assert all(len(line) == 61 for line in lines)


@pytest.mark.parametrize("_", range(3))
def test_a_process_that_is_killed_between_write_and_flush_leaves_whole_lines(tmp_path, _):
    path = tmp_path / "out"
    with subprocess.Popen([sys.executable, "-c", WRITES_FOR_EVER, path], stdout=subprocess.PIPE, text=True) as writer:
        for _ in range(20):
            told = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        told = max([told, *map(int, writer.stdout.read().split())])
    with open_sink("file", {"path": str(path)}) as sink:
        sink.write([Record("after")])
    with open_source("file", {"path": str(path)}) as source:
        records = list(source)
    broken = [each for each in records if "error" in each.meta]
    whole = [each.data["n"] for each in records if isinstance(each.data, dict)]
    assert records[-1].data == "after"
    # Only the write that was cut short by the kill may have left a line without its end, and it was never taken.
    assert len(broken) <= 1
    assert whole[: told * 50] == [number for number in range(told) for _ in range(50)]


def test_lines_that_are_written_through_rotations_come_once_and_in_their_order(tmp_path):
    path = tmp_path / "app.log"
    path.touch()
    last = 2000
    seen = []

    def write():
        file, first = path.open("ab", buffering=0), 0
        for number in range(last + 1):
            file.write(b"%d\n" % number)
            if number % 200 == 199:
                # A file lives for at least as long as it takes to be seen: what is gone before that is seen by nobody.
                while not seen or abs(seen[-1]) < first:
                    time.sleep(0.001)
                path.rename(path.with_suffix(f".{number}"))
                file.write(b"%d\n" % -number)  # the writer does not know yet
                file.close()
                file, first = path.open("ab", buffering=0), number + 1
        file.close()

    writer = threading.Thread(target=write)
    writer.start()
    with open_source("file", {"path": str(path), "follow": True, "interval": "10ms"}) as source:
        for record in source:
            seen.append(record.data)
            if record.data == last:
                break
    writer.join(60)
    assert [each for each in seen if each >= 0] == list(range(last + 1))
    assert [each for each in seen if each < 0] == [-number for number in range(199, last, 200)]


def test_a_source_that_is_restarted_through_rotations_loses_and_repeats_nothing(tmp_path):
    path = tmp_path / "app.log"
    path.touch()
    seen, offset, written = [], None, 0
    for turn in range(12):
        with path.open("ab") as file:
            for _ in range(30):
                file.write(b"%d\n" % written)
                written += 1
        if turn % 3 == 1:
            path.rename(path.with_suffix(f".{turn}"))
            path.touch()
        with open_source("file", {"path": str(path), "follow": True}, resume=offset) as source:
            for _ in range(5):
                polled = source.poll(17)
                seen += [each.data for each in polled.records]
                offset = polled.offset or offset
    assert seen == list(range(written))


def test_threads_that_write_at_once_write_whole_lines(tmp_path):
    path = tmp_path / "out"
    with open_sink("file", {"path": str(path), "rotate": 200_000, "keep": 100}) as sink:

        def write(name):
            for number in range(100):
                assert sink.write([Record({"by": name, "n": number, "text": "x" * 1000})] * 2) == [None, None]

        threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(120)
    lines = [line for each in tmp_path.iterdir() for line in each.read_text().splitlines()]
    assert len(lines) == 800
    assert all(json.loads(line)["data"]["text"] for line in lines)


def test_case_94_what_took_the_place_of_a_file_is_never_waited_for(tmp_path):
    path = tmp_path / "app.log"
    path.write_text("1\n")
    with open_source("file", {"path": str(path), "follow": True}) as source:
        assert [each.data for each in source.poll().records] == [1]
        path.unlink()
        os.mkfifo(path)
        source.poll()
        with pytest.raises(ConfigError, match="no regular file"):
            source.poll()
