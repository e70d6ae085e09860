import gc
import threading

import pytest

from wardian.errors import ConfigError
from wardian.plugins.scopes import Scopes


def test_a_scope_has_one_holder_until_it_is_released():
    scopes = Scopes()
    claim = scopes.claim("words", "count", "default")
    with pytest.raises(ConfigError, match="another use of `count` keeps its state as the instance `default`"):
        scopes.claim("words", "count", "default")
    claim.release()
    claim.release()
    assert not scopes.claim("words", "count", "default").released


def test_scopes_of_other_names_are_others():
    scopes = Scopes()
    held = [scopes.claim(*names) for names in (("a", "b", "c"), ("a", "b", "d"), ("a", "e", "c"), ("f", "b", "c"))]
    assert len(set(map(id, held))) == 4


def test_who_is_gone_holds_nothing():
    scopes = Scopes()
    scopes.claim("a", "b", "c")
    gc.collect()
    assert scopes.claim("a", "b", "c")


def test_of_many_threads_one_gets_it():
    scopes, got, ready = Scopes(), [], threading.Barrier(8)

    def claim():
        ready.wait()
        try:
            got.append(scopes.claim("a", "b", "c"))
        except ConfigError:
            got.append(None)

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8
    assert len([each for each in got if each is not None]) == 1
