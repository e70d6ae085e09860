"""`kill -9` at any moment of a pipeline's log: nothing is lost, and all that one commit writes is of one commit."""

from __future__ import annotations

import pytest

from support.programs import run

# A source that counts, on a thread of its own, and a worker. All that is kept is told by the cursor alone.
STORM = """
import os, random, signal, sys, threading, time
from pathlib import Path
from unit.state.stores import keep, look
from unit.transport.logs import MOST, OF_SOURCE, OF_STEP, journal, letter
from wardian.transport.contract import WindowChange
from wardian.transport.dead_letters import DeadLetters

path, mode, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
dice = random.Random(7)
MORE = {"queue_count": 400, "state_mode": mode, "interval": 0.005, "patience": 30}
WINDOW, DEAD = 50, 7  # a window is cleared at each 50th record, each 7th record is given up

def source(log, tell):
    number = log.offset("lines") or 0
    while True:
        while not log.wait_for_room(1):
            pass
        count = 1 + number % 40
        values = [{"data": n, "message": "x" * (n * 37 % 300)} for n in range(number + 1, number + count + 1)]
        number += count
        keep(log.state, OF_SOURCE, n=b"%d" % number)
        log.append("lines", values, number)
        os.write(tell, b"a%d\\n" % number)

def worker(log, tell):
    with_sum = int(look(log.state, b"sum", OF_STEP) or 0)
    after, told = log.cursor, log.cursor
    while True:
        entries = log.read(after, 1 + after % 60, MOST, 1)
        if not entries:
            continue
        dead, added, cleared = [], [], False
        for entry in entries:
            assert (entry.cursor, entry.source) == (entry.value["data"], "lines"), entry
            with_sum += entry.cursor
            if entry.cursor % DEAD == 0:
                dead.append(letter(entry.cursor))
            if entry.cursor % WINDOW == 0:
                cleared, added = True, []
            else:
                added.append((entry.cursor, entry.value))
        after = entries[-1].cursor
        keep(log.state, OF_STEP, n=b"%d" % after, sum=b"%d" % with_sum, **{f"k{after % 20}": b"x" * (after % 5000)})
        log.commit(after, dead=dead, windows=[WindowChange("sum", cleared, added)])
        if log.cursor != told:
            told = log.cursor
            os.write(tell, b"c%d\\n" % told)

def life(tell):
    with journal(path, **MORE) as log:
        threading.Thread(target=source, args=(log, tell), daemon=True).start()
        worker(log, tell)

def start():
    told, tell = os.pipe()
    process = os.fork()  # no log was opened yet in this process, which only looks on
    if process == 0:
        try:
            life(tell)
        finally:
            os._exit(1)
    os.close(tell)
    return process, open(told, "rb", buffering=0)

def last(lines, kind):
    return max((int(line[1:]) for line in lines if line.startswith(kind)), default=0)

def look_at():
    with journal(path, **MORE) as log:
        cursor, offset = log.cursor, log.offset("lines") or 0
        assert int(look(log.state, b"n", OF_SOURCE) or 0) == offset, "a source's state is of its last append"
        assert int(look(log.state, b"n", OF_STEP) or 0) == cursor, "state is of the commit that moved the cursor"
        assert int(look(log.state, b"sum", OF_STEP) or 0) == cursor * (cursor + 1) // 2
        first = cursor - cursor % WINDOW + 1
        assert [n for n, _ in log.windows("sum")] == list(range(first, cursor + 1)), "so are windows"
        letters = DeadLetters(log._keeper.file).some(most=10**6)
        assert [each.cursor for each in letters] == list(range(DEAD, cursor + 1, DEAD)), "so are dead letters"
        assert DeadLetters(log._keeper.file).count()[0] == len(letters)
        after, waiting = cursor, []
        while entries := log.read(after, 1000, MOST, 0):
            waiting += [entry.value["data"] for entry in entries]
            after = entries[-1].cursor
        assert waiting == list(range(cursor + 1, offset + 1)), "each record waits or is acknowledged"
        assert log.backlog()[0] == len(waiting)
        return cursor, offset

acknowledged = appended = 0
for round in range(rounds):
    process, told = start()
    begun = told.read(1)
    assert begun, "a process could not begin"
    time.sleep(dice.uniform(0, 0.06))
    os.kill(process, signal.SIGKILL)
    said = begun
    while more := told.read(65536):
        said += more
    told.close()
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL
    lines = said[: said.rindex(b"\\n") + 1].split(b"\\n") if b"\\n" in said else []
    acknowledged, appended = max(acknowledged, last(lines, b"c")), max(appended, last(lines, b"a"))
    cursor, offset = look_at()
    assert cursor >= acknowledged and offset >= appended, (cursor, acknowledged, offset, appended)
    acknowledged, appended = cursor, offset
print(rounds, acknowledged, appended, path.stat().st_size)
"""


@pytest.mark.parametrize("mode", ["write_through", "checkpoint"])
def test_case_27_a_log_that_is_killed_again_and_again_loses_nothing_and_tears_nothing(tmp_path, mode):
    killed, acknowledged, appended, _ = map(int, run(STORM, tmp_path / "words.db", mode, 50, seconds=120).split())
    print(f"killed {killed} times: 0 lost, 0 torn, {acknowledged} acknowledged of {appended}")
    assert acknowledged > 500


# A pipeline that runs, and processes that replay its dead letters and are killed as they do.
REPLAYS = """
import os, random, signal, sys, time
from pathlib import Path
from unit.transport.logs import MOST, journal, letter, records
from wardian.transport.dead_letters import DeadLetters
from wardian.transport.tables import open_file

path, rounds = Path(sys.argv[1]), int(sys.argv[2])
dice = random.Random(3)
LETTERS = 8000

def replay():
    with open_file(path, "", patience=30) as file:
        letters = DeadLetters(file)
        for number in letters.numbers():
            letters.replay([number])

processes = []
for _ in range(rounds):  # all forks come before the log is opened here, each waits for its turn
    gate, go = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(go)
        os.read(gate, 1)
        try:
            replay()
        finally:
            os._exit(0)
    os.close(gate)
    processes.append((process, go))

with journal(path, patience=30) as log:
    log.append("lines", records(1, LETTERS))
    log.read(0, LETTERS, MOST, 0)
    log.commit(LETTERS, dead=[letter(number) for number in range(1, LETTERS + 1)])
    letters, seen, after, killed = DeadLetters(log._keeper.file), [], LETTERS, 0
    for process, go in processes:
        os.write(go, b"x")
        until = time.monotonic() + dice.uniform(0.001, 0.02)
        while time.monotonic() < until:
            entries = log.read(after, 50, MOST, 0.005)
            if entries:
                seen += [entry.source for entry in entries]
                after = entries[-1].cursor
                log.commit(after)
        os.kill(process, signal.SIGKILL)
        killed += os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL
    while entries := log.read(after, 50, MOST, 1):
        seen += [entry.source for entry in entries]
        after = entries[-1].cursor
    left = [f"dead:{number}" for number in letters.numbers()]
    assert sorted(seen + left) == sorted(f"dead:{number}" for number in range(1, LETTERS + 1)), (len(seen), len(left))
    assert letters.count()[0] == len(left)
print(killed, len(seen), len(left))
"""


def test_case_02_killed_while_it_is_replayed_a_dead_letter_is_in_the_log_or_among_the_dead(tmp_path):
    killed, replayed, left = map(int, run(REPLAYS, tmp_path / "words.db", 40, seconds=120).split())
    print(f"killed {killed} times: 0 lost, 0 doubled, {replayed} replayed, {left} left")
    assert killed > 5
    assert replayed > 5
