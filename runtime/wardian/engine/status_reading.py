"""The status of an engine, read from the plain data that it gave."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

from wardian.engine.status import MORE, EngineStatus, MemberStatus, PipelineStatus, Running
from wardian.errors import StateError
from wardian.pipeline.counters import BOUNDS, Counts, Latency


def read_status(plain: object) -> EngineStatus:
    """The status of what `as_dict` gave, also in another version of wardian: what is not known here is left out.

    Raises:
        StateError: `not_a_status`.
    """
    try:
        return _engine(plain)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        hint = "the running wardian may be of another version than this one"
        raise StateError("this is no status of an engine", code="not_a_status", hint=hint) from error


def _engine(plain: Any) -> EngineStatus:  # noqa: ANN401
    return EngineStatus(**_known(EngineStatus, plain), pipelines=tuple(map(_pipeline, plain["pipelines"])))


def _pipeline(plain: Any) -> PipelineStatus:  # noqa: ANN401
    return PipelineStatus(**_known(PipelineStatus, plain), members=tuple(map(_member, plain["members"])))


def _member(plain: Any) -> MemberStatus:  # noqa: ANN401
    latency = plain["counts"]["latency"]
    buckets = tuple(int(latency["buckets"].get(str(bound), 0)) for bound in (*BOUNDS, MORE))
    counts = Counts(**_known(Counts, plain["counts"]), latency=Latency(buckets, float(latency["sum"])))
    return MemberStatus(
        **_known(MemberStatus, plain), running=Running(**_known(Running, plain["running"])), counts=counts
    )


def _known(kind: type[Any], plain: Any) -> dict[str, Any]:  # noqa: ANN401
    """The plain fields of a dataclass that are there, each checked to be of the type of its declaration."""
    made: dict[str, Any] = {}
    for each in dataclasses.fields(kind):
        types = _PLAIN.get(str(each.type))
        if types is not None and each.name in plain:
            given = plain[each.name]
            if not isinstance(given, types) or isinstance(given, bool):
                raise TypeError(each.name)
            made[each.name] = given
    return made


_PLAIN: Final[dict[str, tuple[type, ...]]] = {
    "str": (str,), "int": (int,), "float": (int, float), "float | None": (int, float, type(None)),
}  # fmt: skip
