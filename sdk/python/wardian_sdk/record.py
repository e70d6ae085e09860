"""`Record`: what flows through a pipeline."""


def _key(name, text):
    return property(lambda self: self.get(name), lambda self, value: self.__setitem__(name, value), doc=text)


class Record(dict):
    """A map with `data`, and what else is known; a key that is not there reads as None.

    Made as `Record(data=…, key=…)`.
    """

    data = _key("data", "What the record says, for machines.")
    message = _key("message", "What it says, for people.")
    type = _key("type", "`log`, `metric`, `span`, `bytes` or `event`.")
    time = _key("time", "When it happened: nanoseconds since 1970, or a `Time`.")
    key = _key("key", "Records of one key stay in order.")
    tags = _key("tags", "What to find it by.")
    meta = _key("meta", "What is known about it, and is not part of it.")
    path = _key("path", "The output that it is meant for.")
