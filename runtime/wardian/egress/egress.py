"""What an operator settles about requests besides which hosts are granted: secret headers, authorities, names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wardian.egress.destination import NoDestination, parse_url
from wardian.egress.request import secret_headers
from wardian.errors import ConfigError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from wardian.egress.allowed import AllowList

    Resolver = Callable[[str, int, float], Sequence[str]]
    Secrets = Mapping[tuple[str, str, int], tuple[tuple[str, str], ...]]


@dataclass(frozen=True, kw_only=True)
class Egress:
    """How the HTTP requests of a plugin are made; which hosts it may ask is `Grants(http=…)`.

    Attributes:
        headers: headers that the host adds, and the plugin never sees, by where they belong: `api.example.com` or
            `api.example.com:8443` for HTTPS, and `http://127.0.0.1:8080` where they may travel in the clear. They
            are sent there and nowhere else, and not when a redirect led there.
        ca: a file of certificates (PEM) to trust instead of the public ones.
        resolver: called with a host's name, a port and the seconds it may take, on a thread of its own; gives
            addresses. By default the operating system is asked.

    Raises:
        ConfigError: naming every entry that is wrong, and no value of it.
    """

    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    ca: str | os.PathLike[str] | None = None
    resolver: Resolver | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse the whole value, with all that is wrong; make the headers immutable."""
        object.__setattr__(self, "_secrets", _secrets(self.headers))
        object.__setattr__(self, "headers", {where: dict(headers) for where, headers in self.headers.items()})


def secrets_for(egress: Egress, allowed: AllowList) -> Secrets:
    """The headers of an egress by the origins that they belong to.

    Raises:
        ConfigError: some belong to a host that is not granted, and would never be sent.
    """
    secrets: Secrets = egress.__dict__["_secrets"]
    problems = [
        f"headers: `{where}` is not granted" for where in egress.headers if not allowed.names(parse_url(_url(where)))
    ]
    if problems:
        raise ConfigError(
            "secrets for hosts that the plugin may not ask", problems=problems,
            hint="grant the hosts with `Grants(http=['HOST:PORT'])`, or leave their headers out",
        )  # fmt: skip
    return secrets


def _secrets(given: Mapping[str, Mapping[str, str]]) -> Secrets:
    problems: list[str] = []
    secrets: dict[tuple[str, str, int], tuple[tuple[str, str], ...]] = {}
    for where, headers in given.items():
        try:
            destination = parse_url(_url(where))
            if destination.target != "/" or where.endswith("/"):
                raise NoDestination("expected `host`, `host:port`, or `http://host:port`")
            if destination.origin in secrets:
                raise NoDestination("it is there twice")
            secrets[destination.origin] = secret_headers(headers)
        except (ValueError, TypeError, AttributeError) as error:
            said = str(error) if isinstance(error, ValueError) else "expected a map of names and values as texts"
            problems.append(f"headers: `{where if isinstance(where, str) else type(where).__name__}`: {said}")
    if problems:
        raise ConfigError("this egress is wrong", problems=problems)
    return secrets


def _url(where: str) -> str:
    return where if "://" in where else f"https://{where}"
