"""How the requests of a plugin are made, as its project says, with the secrets in their headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.config.plugin import beside
from wardian.errors import ConfigError

if TYPE_CHECKING:
    from wardian.config.plugin import Plugin
    from wardian.config.secrets import Secrets
    from wardian.egress.egress import Egress


def egress(plugin: Plugin, secrets: Secrets) -> Egress | None:
    """The egress of a plugin, or None where its project says nothing of it.

    Raises:
        ConfigError: a header or a host is wrong, or what makes requests is not installed; no secret is told.
    """
    if plugin.egress is None:
        return None
    try:
        from wardian.egress.egress import Egress  # noqa: PLC0415 - for projects whose plugins make requests
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"HTTP requests need the package `{error.name}`, which is not installed",
            hint="`pip install 'wardian[http]'` brings it",
        ) from error
    node = plugin.egress.at.node
    given = secrets.filled(node.at(["headers"])).plain() if plugin.egress.headers else {}
    headers = {
        # As plain texts: on its way to the server a secret has to be what it is.
        where: {name: "".join(value) for name, value in held.items()}
        for where, held in given.items()
    }
    ca = None if plugin.egress.ca is None else beside(node.at(["ca"]), plugin.egress.ca)
    return Egress(headers=headers, ca=ca)
