"""Guests that call what is asked of them, for the tests of calls within calls."""

from __future__ import annotations

from wardian import Grants, Limits

ACTION = {'"wardian" "log"': '"wardian" "action_call"'}
APP = {'"wardian" "log"': '"app" "call"'}
GRANT = Grants(actions=True)
LONG = Limits(deadline=30)
