"""What could end the process: each in a process of its own, or on many threads."""

import os
import subprocess
import sys
import textwrap
import threading

from wardian.abi.codec import Bounds, decode, encode

BOUNDS = Bounds(size=2**20, items=10_000, depth=64)


def test_no_depth_overflows_a_stack_of_512_kib():
    """In a process of its own, for an overflow would end it."""
    code = """
        import threading
        from wardian.abi.codec import Bounds, CodecError, decode, encode
        bounds = Bounds(size=2**23, items=10**6, depth=64)
        def work():
            value = decode(b"\\x81" * 64 + b"\\0", bounds)
            assert decode(encode(value, bounds), bounds) == value
            deep = []
            for _ in range(5_000):
                deep = [deep]
            for form in (deep, {"a": deep}, (deep,)):
                try:
                    encode(form, bounds)
                except CodecError as error:
                    assert error.code == "too_deep"
            for piece in (b"\\x81", b"\\xc1", b"\\x9f", b"\\xa1\\x60", b"\\x5f"):
                try:
                    decode(piece * 10**6, bounds)
                    raise SystemExit(1)
                except CodecError:
                    pass
            done.append(True)
        done = []
        threading.stack_size(512 * 1024)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        raise SystemExit(0 if done else 1)
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr.decode()


def test_threads_share_nothing():
    done = []

    def work(number):
        value = {"n": number, "list": list(range(number % 50)), "text": "é" * number}
        for _ in range(300):
            assert decode(encode(value, BOUNDS), BOUNDS) == value
        done.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 8


def test_mutated_items_neither_crash_nor_grow_a_process():
    code = """
        import random, resource, sys
        import cbor2
        from wardian.abi.codec import Bounds, CodecError, decode, encode
        chance = random.Random(int(sys.argv[1]))
        bounds = Bounds(size=2**20, items=10_000, depth=64)
        records = [{"id": n, "tags": ["a", "b"]} for n in range(20)]
        values = {"a": [1, 2.5, "x", b"y", None, True]}, [[[[]]]], {"n": 2**64 - 1}, "é" * 50, records
        seeds = [*map(cbor2.dumps, values), bytes.fromhex("c074") + b"2013-03-21T20:04:00Z"]
        for seed in seeds:
            decode(seed, bounds)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(30_000):
            data = bytearray(chance.choice(seeds))
            for _ in range(chance.randint(1, 4)):
                where = chance.randrange(len(data) + 1)
                data[where : where + chance.randint(0, 2)] = bytes(chance.choices(range(256), k=chance.randint(0, 3)))
                data = data or bytearray(b"\\x80")
            try:
                encode(decode(bytes(data), bounds), bounds)
            except CodecError:
                pass
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(int.from_bytes(os.urandom(4), "big"))]
    ended = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert ended.returncode == 0, (command[-1], ended.stderr.decode())
