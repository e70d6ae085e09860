"""What a process runs out of: instances, threads, processes, descriptors; and what `kill -9` leaves of its state."""

from __future__ import annotations

from support.programs import run

INSTANCES = """
import gc, os, sys
from pathlib import Path
import wardian

program, cache = sys.argv[1:]
page = os.sysconf("SC_PAGE_SIZE")

def resident():
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * page

def maps():
    return Path("/proc/self/maps").read_text().count("\\n")

with wardian.Runtime(cache=cache) as runtime:
    def load(most):
        limits = wardian.Limits(instances=most)
        return runtime.load(program, grants=wardian.Grants(state=True), limits=limits, instances=most)

    def refused(make, *arguments):
        try:
            make(*arguments)
        except wardian.LimitExceeded as error:
            return error.limit == "instances" and error.value == 15_000
        return False

    plugin, more = load(10_000), load(5_001)  # neither has an instance before it is asked for one
    assert plugin.call("count", "one two")["words"] == 2
    before, mapped = resident(), maps()
    live = [plugin._pool.another() for _ in range(9_999)]
    each = (resident() - before) / len(live)
    assert each < 24 * 1024, each
    assert maps() - mapped < 4.1 * len(live), (maps() - mapped) / len(live)
    live_too = [more._pool.another() for _ in range(5_000)]
    last = load(1)
    for _ in range(3):
        assert refused(last.call, "totals"), "call"
        assert refused(more._pool.another), "another"
    assert plugin.call("count", "one two")["total_words"] == 4
    for guest in live[::1000]:
        assert guest.call("count", b"\x61a")
    more.close()
    for guest in live_too:
        more._pool.release(guest)
    assert load(1).call("count", "a b c")["words"] == 3
    for guest in live:
        plugin._pool.release(guest)
    runtime.close()
    assert maps() - mapped < 300, maps() - mapped
print(int(each))
"""


def test_case_20_10_000_instances_are_small_and_one_over_15_000_is_refused(c_guest, cache):
    assert int(run(INSTANCES, c_guest("count_words"), cache, seconds=120)) > 1024


SHORT_OF_PROCESSES = """
import asyncio, resource, sys
from pathlib import Path
import wardian
from adversarial.unprivileged import obey_process_limits
from support.wat import wasm_of

text, cache = Path(sys.argv[1]).read_text(), sys.argv[2]
first, second = (wasm_of(text.replace('"echo"', f'"{name}"')) for name in ("echo", "echo2"))

def refused(use, *arguments):
    for _ in range(3):
        try:
            use(*arguments)
        except wardian.WardianError as error:
            assert error.code == "busy", error
            assert error.hint
        else:
            raise AssertionError("it was not refused")

obey_process_limits()
with wardian.Runtime(cache=None) as runtime:
    plugin = runtime.load(first)
    kept = resource.getrlimit(resource.RLIMIT_NPROC)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, kept[1]))
    refused(runtime.load, second)
    refused(wardian.Runtime)
    refused(lambda: asyncio.run(plugin.acall("echo", 1)))
    assert plugin.call("echo", 1) == 1
    resource.setrlimit(resource.RLIMIT_NPROC, kept)
    assert runtime.load(second).call("echo2", 2) == 2
    assert asyncio.run(plugin.acall("echo", 3)) == 3
    with wardian.Runtime(cache=None) as another:
        assert another.load(second).call("echo2", 4) == 4
print("alive")
"""


def test_case_21_without_a_process_or_a_thread_what_needs_one_is_refused_and_works_later(guest, cache):
    assert run(SHORT_OF_PROCESSES, guest("echoes"), cache) == "alive\n"


SHORT_OF_FILES = """
import logging, os, resource, sys
from pathlib import Path
import wardian
from support.descriptors import count
from support.wat import wasm_of

text, folder = Path(sys.argv[1]).read_text(), sys.argv[2]
logging.disable()
named = '(export "echo")'
modules = [wasm_of(text.replace(named, f'{named} (export "echo{number}")')) for number in range(20)]
kept = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, kept[1]))
grants = wardian.Grants(state=True)

with wardian.Runtime(cache=folder + "/cache", state=folder + "/state.db") as runtime:
    plugin = runtime.load(modules.pop())
    before, refused, loaded = count(64), 0, 0
    taken = []
    while True:  # until there is none left
        try:
            taken.append(os.open("/dev/null", os.O_RDONLY))
        except OSError:
            break
    for left in range(16):
        wasm = modules.pop()
        new = {"cache": f"{folder}/cache{left}", "state": f"{folder}/{left}.db"}
        for attempt in (lambda: runtime.load(wasm), lambda: wardian.Runtime(**new).close()):
            try:
                attempt()
                loaded += 1
            except wardian.WardianError:
                refused += 1
        assert plugin.call("echo", left) == left
        assert count(64) == before + len(taken), "descriptors are left open"
        os.close(taken.pop())
    for descriptor in taken:
        os.close(descriptor)
    assert refused and loaded, (refused, loaded)
    assert runtime.load(wasm).call("echo", 1) == 1
print("alive")
"""


def test_case_21_without_a_descriptor_what_needs_one_is_refused_and_leaves_none_open(guest, tmp_path):
    assert run(SHORT_OF_FILES, guest("echoes"), tmp_path, seconds=60) == "alive\n"


CRAMPED = """
import resource, sys
from wardian import Runtime, WardianError

with Runtime(cache=sys.argv[1]) as runtime:
    kept = runtime.load(sys.argv[2])  # or its memory might be given back between here and the next instance
    used = int(open("/proc/self/statm").read().split()[0]) * 4096
    resource.setrlimit(resource.RLIMIT_AS, (used + 2**30, resource.RLIM_INFINITY))
    try:
        runtime.load(sys.argv[2])
    except WardianError as error:
        print(error.code, "mmap" in error.message, bool(error.hint))
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(runtime.load(sys.argv[2]).call("echo", "here"))
"""


def test_case_21_without_address_space_an_instance_is_refused_as_no_fault_of_the_plugin(guest, cache):
    assert run(CRAMPED, cache, guest("echoes")).split() == ["busy", "True", "True", "here"]
