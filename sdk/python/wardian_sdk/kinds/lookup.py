"""`Lookup`: rows of a table that is looked up by its columns."""

from wardian_sdk.plugin import Plugin


def _rows(lookup, request):
    where = dict(zip(request["keys"], request["values"], strict=True))
    return list(lookup.rows(list(request["fields"]), where) or ())


class Lookup(Plugin):
    """Finds rows."""

    kind = "lookup"
    handlers = {"lookup_rows": _rows}

    def rows(self, fields, where):
        """The rows whose columns have the values of `where`, each a map of the fields that are wanted."""
        raise NotImplementedError


def lookup(function):
    """Make a function of `fields` and `where` a lookup."""
    type(function.__name__, (Lookup,), {
        "__module__": function.__module__, "__doc__": function.__doc__,
        "rows": lambda _self, fields, where: function(fields, where),
    })  # fmt: skip
    return function
