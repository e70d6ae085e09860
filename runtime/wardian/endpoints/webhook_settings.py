"""`WebhookIn` and `WebhookOut`: the configurations of both sides of a webhook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.document.shapes import Duration, Flag, ListOf, MapOf, Text, Whole
from wardian.document.structs import Struct, key
from wardian.endpoints.loopback import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardian.document.node import Node
    from wardian.document.problem import Problems

_NAME: Final = Text("the name of a header", pattern=r"[A-Za-z0-9-]{1,128}", most=128)
_LISTEN: Final = r"(?:\[[0-9A-Fa-f:]+\]|[0-9.]+|localhost):[0-9]{1,5}"


@dataclass(frozen=True, kw_only=True, repr=False)
class WebhookIn:
    """The configuration of a webhook source; its `repr` shows nothing of it, for it may hold a token."""

    listen: str = key(Text("an address and a port, such as `127.0.0.1:8080`", pattern=_LISTEN, most=100),
        "Where to listen; port 0 for any that is free.", default="127.0.0.1:8080")  # fmt: skip
    path: str = key(Text("a path such as `/events`", pattern=r"/[A-Za-z0-9._~/-]*", most=1000), "What is posted to.",
        default="/")  # fmt: skip
    token: str | None = key(Text("a token", pattern=r"[!-~]{1,4096}|\$\{.*\}", most=4096, secret=True), "What clients "
        "have to bring as `Authorization: Bearer`.", default=None)  # fmt: skip
    open: bool = key(Flag(), "Whether anybody may post where it listens at an address that others can reach.",
        default=False)  # fmt: skip
    headers: tuple[str, ...] = key(ListOf(_NAME, most=100, unique=True), "Headers that are put into `meta`.",
        default=())  # fmt: skip
    answer: str = key(Text(names=("taken", "kept")), "When to answer: once the record waits in memory, or once it "
        "is safe, as in the log of its pipeline.", default="taken")  # fmt: skip
    body: int = key(Whole(1, 64 * 2**20), "Bytes of a body.", default=2**20)
    timeout: float = key(Duration(most=600.0), "How long a request may take.", default=10.0)
    connections: int = key(Whole(1, 1_000), "Connections at a time.", default=64)
    queue: int = key(Whole(1, 1_000_000), "Records that wait.", default=1_000)
    queue_bytes: int = key(Whole(1, 2**34), "Bytes of the bodies of the records that wait.", default=16 * 2**20)

    @property
    def address(self) -> tuple[str, int]:
        """The address and the port to listen at."""
        host, _, port = self.listen.rpartition(":")
        return {"localhost": "127.0.0.1"}.get(host, host.strip("[]")), int(port)

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.address[0])


def _check(webhook: WebhookIn, node: Node, path: str, problems: Problems) -> None:
    if not webhook.loopback and webhook.token is None and not webhook.open:
        expected = "a `token` where others can reach the address"
        problems.note(node.at(["listen"]), f"{path}.listen", expected, "none", hint="or `open: true` for anybody")


@dataclass(frozen=True, kw_only=True, repr=False)
class WebhookOut:
    """The configuration of a webhook sink; its `repr` shows nothing of it, for it may hold secrets."""

    url: str = key(Text("a URL", most=8_192, secret=True), "Where to post.")
    headers: Mapping[str, str] = key(MapOf(_NAME, Text("a header's value", most=8_192, secret=True), most=100),
        "Headers of each request.", factory=dict)  # fmt: skip
    batch: bool = key(Flag(), "Whether a request has a list of records, and not one.", default=False)
    timeout: float = key(Duration(most=600.0), "How long a request may take.", default=10.0)
    ca: str | None = key(Text("the path of a file", most=4096), "A file of the authorities that TLS trusts, in PEM, "
        "instead of the usual ones.", default=None)  # fmt: skip


IN: Final = Struct(WebhookIn, "Records that others post.", check=_check)
OUT: Final = Struct(WebhookOut, "Records that are posted to a server.")
