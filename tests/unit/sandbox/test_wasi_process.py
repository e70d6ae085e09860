import pytest

from unit.sandbox.test_wasi import GUESTS, Guest
from wardian.errors import Trap
from wardian.sandbox.wasi_errno import Errno


@pytest.mark.parametrize("name", ["args", "environ"])
def test_there_are_no_arguments_and_no_environment(name, monkeypatch):
    monkeypatch.setenv("SECRET", "of the host")
    with Guest() as guest:
        guest.put(1024, b"\xff" * 64)
        assert guest.ask(f"{name}_sizes_get", 1024, 1028) == 0
        assert guest.get(1024, 12) == bytes(8) + b"\xff" * 4
        assert guest.ask(f"{name}_get", 1040, 1044) == 0
        assert guest.get(1040, 16) == b"\xff" * 16


@pytest.mark.parametrize("code", [0, 1, 255, 2**31, 2**32 - 1])
def test_an_exit_ends_the_call_with_its_code_and_the_host_goes_on(code):
    with Guest() as guest:
        with pytest.raises(Trap) as caught:
            guest.ask("proc_exit", code)
        assert (caught.value.code, caught.value.exit_code) == ("guest_exit", code)
        assert guest.instance.broken


def test_an_exit_that_the_guest_gives_as_minus_one_is_the_largest_code():
    with Guest((GUESTS / "wasi_exits.wat").read_text()) as guest, pytest.raises(Trap) as caught:
        guest.run()
    assert caught.value.exit_code == 2**32 - 1


def test_yielding_succeeds():
    with Guest() as guest:
        assert guest.ask("sched_yield") == 0


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("proc_raise", 1), ("sock_accept", 3), ("sock_recv", 6), ("sock_send", 5), ("sock_shutdown", 2)],
)
def test_signals_and_sockets_do_not_exist(name, arguments):
    with Guest() as guest:
        for fd in (0, 1, 3, 2**32 - 1):
            assert guest.ask(name, fd, *[0] * (arguments - 1)) == Errno.NOSYS
