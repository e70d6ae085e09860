"""What the plugin asks of its host: each import, and the one way out."""

from wardian_sdk.failures import Internal, from_item
from wardian_sdk.reading import loads
from wardian_sdk.writing import dumps

imports = []  # what the plugin imports, in the order of their slots


class Import:
    """One function of the host. To make one is to ask for the permission to call it.

    Attributes:
        module: `wardian` or `app`.
        name: its name there.
        slot: its place in `imports`.
    """

    def __init__(self, module, name):
        self.module, self.name, self.slot = module, name, len(imports)
        imports.append(self)

    def __call__(self, request=None):
        """Ask, and give the answer.

        Raises:
            Failure: whatever the host answers instead.
        """
        succeeded, reply = _ask(self, b"" if request is None else dumps(request))
        if not succeeded:
            raise from_item(loads(reply))
        return loads(reply) if reply else None


def function(module, name):
    """The import of this name, made once."""
    for each in imports:
        if (each.module, each.name) == (module, name):
            return each
    if _closed:
        raise Internal(f"`{module}.{name}` is asked for too late: import it at the top of the plugin's module")
    return Import(module, name)


def connect(ask):
    """Let `ask` answer from now on: given the import and the request's bytes, whether it succeeded, and the reply's."""
    global _ask
    before, _ask = _ask, ask
    return before


def close():
    """From now on nothing new can be imported."""
    global _closed
    _closed = True


def _ask(wanted, _request):
    raise Internal(
        f"`{wanted.module}.{wanted.name}` was asked for where there is no host; tests have one in `wardian_sdk.testing`"
    )


_closed = False
