import gc
import threading

import pytest

from support.sandboxed import sandbox
from wardian.errors import PackageError
from wardian.sandbox.hostfunc import HostFunction

TEXT = """(module
  (import "m" "f" (func $f (param i32) (result i32))) (import "m" "f" (func $g (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "run") (result i32) (i32.add (call $f (i32.const 1)) (call $g (i32.const 2)))))"""


def function(name="f", params=("i32",), results=("i32",)):
    return HostFunction("m", name, params, results, lambda call, given: given * 10)


def test_an_import_that_stands_twice_is_linked_once():
    with sandbox(TEXT, function()) as made:
        assert made.run(made.start(), "run") & 0xFFFFFFFF == 30


def test_what_is_offered_and_not_imported_is_not_linked():
    with sandbox(TEXT, function(), function("other")) as made:
        assert len(made.prepared._callbacks) == 1


def test_every_import_that_is_missing_is_named():
    text = '(module (import "m" "a" (func)) (import "x" "b" (memory 1)) (import "m" "c\\0a" (global i32)))'
    with pytest.raises(PackageError) as caught, sandbox(text):
        pass
    assert caught.value.code == "missing_import"
    assert "`m.a`, `x.b`, `m.c\\n`" in caught.value.message


@pytest.mark.parametrize(
    "offered", [function(params=()), function(params=("i64",)), function(results=()), function(results=("i64",))]
)
def test_an_import_of_another_type_says_both(offered):
    with pytest.raises(PackageError, match=r"func \(i32\) -> \(i32\), but is func") as caught, sandbox(TEXT, offered):
        pass
    assert caught.value.code == "missing_import"


def test_instances_outlive_the_names_of_what_they_need():
    with sandbox(TEXT, function()) as made:
        instance = made.start()
        del made.prepared
        gc.collect()
        assert made.run(instance, "run") & 0xFFFFFFFF == 30


def test_it_is_instantiated_from_many_threads_at_once():
    results = []
    with sandbox(TEXT, function()) as made:

        def work():
            for _ in range(50):
                instance, _ = made.prepared.instantiate(made.limits, 5)
                call = instance.begin(5 * 10**9)
                results.append(instance.run(call, instance.function("run")) & 0xFFFFFFFF)
                instance.close()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == [30] * 200
