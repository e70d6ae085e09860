"""`Plugin`: what every kind of plugin has: a configuration, a context, a beginning and an end."""

from dataclasses import MISSING, dataclass, fields, is_dataclass

from wardian_sdk.entries import entries
from wardian_sdk.failures import BadConfig

_KINDS = {}  # by kind: the classes of the plugin
_open = {}  # by kind: the one that is open
_opening = {"config": {}, "context": {}}
_NAMES = {
    str: "a text", int: "an integer", float: "a number", bool: "true or false", list: "a list", dict: "a map",
    bytes: "bytes",
}  # fmt: skip
_BY_NAME = {each.__name__: each for each in _NAMES}


@dataclass(frozen=True)
class Context:
    """Where a plugin is: names that the host gave it."""

    plugin: str = ""
    version: str = ""
    symbol: str = ""
    instance: str = ""
    pipeline: str | None = None
    run: str | None = None


class Plugin:
    """The base of every kind; a class that inherits from a kind is a plugin of that kind.

    A class `Config` within it is made a dataclass: the configuration is read into one of those, and one that does not
    fit is refused for the operator to mend. Without it `config` is a `dict`.

    Attributes:
        symbol: the name of the symbol that it stands for, where a module has several plugins of one kind.
        config: what the operator configured.
        context: where it is.
        layers: the maps that the configuration was merged from, the weakest first.
        resume: the last offset of a source that is safe.
    """

    kind = ""
    symbol = None
    Config = None
    handlers = {}  # of a kind: entry point → what to do with the plugin and the request
    optional = {}  # of a kind: entry point → the method that a class has to have for it

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if cls.__module__.partition(".")[0] == "wardian_sdk":
            return  # a kind
        if isinstance(cls.__dict__.get("Config"), type) and not is_dataclass(cls.Config):
            cls.Config = dataclass(cls.Config)
        _KINDS.setdefault(cls.kind, []).append(cls)
        if len(_KINDS[cls.kind]) > 1 and not all(each.symbol for each in _KINDS[cls.kind]):
            raise TypeError(f"of several plugins of the kind {cls.kind}, each has to say its `symbol`")
        kind = next(each for each in cls.__mro__ if "handlers" in each.__dict__)
        for name, handle in kind.handlers.items():
            needed = kind.optional.get(name)
            if needed is None or getattr(cls, needed) is not getattr(kind, needed):
                entries[name] = _entry(cls.kind, handle)
        for name, each in vars(cls).items():
            if getattr(each, "is_entry", False):
                entries[name] = _entry(cls.kind, each)
        entries["plugin_open"] = _on_open
        if cls.check is not Plugin.check:
            entries["plugin_check"] = _on_check
        if cls.close is not Plugin.close:
            entries["plugin_close"] = _on_close

    def __init__(self, opening=None):
        opening = opening or _opening
        context = opening.get("context") or {}
        self.context = Context(**{each.name: context[each.name] for each in fields(Context) if each.name in context})
        self.layers, self.resume = opening.get("layers") or [], opening.get("resume")
        self.config = self._configured(opening.get("config") or {})

    def open(self):
        """Begin; once, before everything else. What it refuses is the configuration."""

    def check(self):
        """Judge the configuration before it is used: pairs of a level, as of `log`, and a message."""
        return []

    def close(self):
        """End; once, last."""

    def opened(self):
        """What the host is answered when it has opened this."""

    @classmethod
    def current(cls):
        """The one that serves, for entry points that stand outside of the class."""
        return current(cls.kind)

    @classmethod
    def _configured(cls, config):
        return config if cls.Config is None else read_config(cls.Config, config)


def read_config(kind, config):
    """A dataclass of what is configured, ignoring what it does not know.

    Raises:
        BadConfig: it does not fit.
    """
    values = {}
    for each in fields(kind):
        if each.name not in config:
            if each.default is MISSING and each.default_factory is MISSING:
                raise BadConfig(f"`{each.name}` is missing")
            continue
        value = values[each.name] = config[each.name]
        wanted = _BY_NAME.get(each.type) if isinstance(each.type, str) else each.type
        if wanted in _NAMES and not _is_a(value, wanted):
            raise BadConfig(f"`{each.name}` must be {_NAMES[wanted]}")
    try:
        return kind(**values)
    except ValueError as wrong:
        raise BadConfig(str(wrong)) from None


def _is_a(value, kind):
    if kind is float:
        kind = (int, float)
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _entry(kind, handle):
    return lambda request: handle(current(kind), request)


def current(kind):
    """The plugin of this kind that serves; one that was never opened has no configuration."""
    if kind not in _open:
        _begin(kind, _opening)
    return _open[kind]


def _begin(kind, opening):
    made = _chosen(kind, opening)(opening)
    try:
        made.open()
    except ValueError as wrong:
        raise BadConfig(str(wrong)) from None
    _open[kind] = made
    return made


def _chosen(kind, opening):
    symbol = (opening.get("context") or {}).get("symbol")
    return next((each for each in _KINDS[kind] if each.symbol == symbol), _KINDS[kind][0])


def _on_open(opening):
    _open.clear()
    answers = [_begin(kind, opening).opened() for kind in _KINDS]
    return next((each for each in answers if each is not None), None)


def _on_check(request):
    return [list(each) for kind in _KINDS for each in _chosen(kind, request)(request).check()]


def _on_close(_request):
    for each in list(_open.values()):
        each.close()
    _open.clear()
