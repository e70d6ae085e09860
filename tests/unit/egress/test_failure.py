"""Each failure has a kind that says whether to try again."""

import pytest

from wardian.abi.failure import ERROR_KINDS
from wardian.egress.failure import KINDS, failed


@pytest.mark.parametrize("code", KINDS)
def test_a_failure_has_its_code_and_one_of_the_kinds_of_the_abi(code):
    error = failed(code, "why")
    assert (error.kind, error.guest_code, error.message) == (KINDS[code], code, "why")
    assert error.kind in ERROR_KINDS
