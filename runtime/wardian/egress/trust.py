"""Which servers are believed to be who they say."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import certifi

from wardian.errors import ConfigError

if TYPE_CHECKING:
    import os


def context(ca: str | os.PathLike[str] | None) -> ssl.SSLContext:
    """What TLS connections of one plugin share: certificates are checked, and no client certificate is ever shown.

    It is made without `ssl.create_default_context`, which lets the environment choose authorities and write down keys.

    Raises:
        ConfigError: the file of authorities cannot be used.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # checks certificate and name
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    # Some builds of Python take an end of the connection for an end of TLS, such as Debian's 3.11.2.
    made.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    made.set_alpn_protocols(["http/1.1"])
    try:
        made.load_verify_locations(cafile=certifi.where() if ca is None else ca)
    except OSError as error:
        raise ConfigError(
            f"the file of authorities cannot be used: {error}", where=str(ca or ""),
            hint="give `Egress(ca=…)` a file of certificates in PEM",
        ) from None  # fmt: skip
    return made
