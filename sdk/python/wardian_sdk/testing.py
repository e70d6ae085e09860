"""A host for tests: plugins run as they are, in any Python, with all that they can ask for.

```python
from wardian_sdk.testing import Host
import greet

def test_greets():
    with Host(functions={"lookup_user": {"Ada": {"full_name": "Ada Lovelace"}}.get}, config={"greeting": "Hi"}) as host:
        assert host.call("greet", {"name": "Ada"})["text"] == "Hi, Ada Lovelace!"
```
"""

import itertools
import os
import time

from wardian_sdk import entries, failures, host
from wardian_sdk.reading import loads
from wardian_sdk.writing import dumps

LEVELS = ("trace", "debug", "info", "warn", "error")


class Host:
    """Answers what the plugin asks while it is entered with `with`; then the plugin is opened, and closed at its end.

    Args:
        config: the configuration.
        symbol: the symbol that the plugin serves.
        resume: the last offset of a source that is safe.
        functions: of the application, by name; each takes and gives one value.
        http: given a request as a map, gives `{status, headers, body}`.
        actions: by name, each given its params.
        extensions: by name, each given method and argument.
        variables: of the running job.

    Attributes:
        logs: pairs of a level's name and a message.
        metrics: what was recorded: name, kind, value and labels.
        emitted: the records that were handed out.
        state: keys and values; what a failed call changed is undone.
        cancelled: what the plugin hears when it asks whether to end.
    """

    def __init__(
        self, *, config=None, symbol="", resume=None, functions=None, http=None, actions=None, extensions=None,
        variables=None,
    ):  # fmt: skip
        self.opening = {"config": config or {}, "context": {"plugin": "test", "symbol": symbol}, "resume": resume}
        self.functions, self.actions, self.extensions = functions or {}, actions or {}, extensions or {}
        self.http, self.variables = http, variables or {}
        self.logs, self.metrics, self.emitted, self.state = [], [], [], {}
        self.cancelled = False

    def __enter__(self):
        self._before = host.connect(self._answer)
        try:
            if "plugin_open" in entries.entries:
                self.opened = self.call("plugin_open", self.opening)
        except BaseException:
            host.connect(self._before)
            raise
        return self

    def __exit__(self, *_raised):
        try:
            if "plugin_close" in entries.entries:
                self.call("plugin_close")
        finally:
            host.connect(self._before)

    def call(self, entry, request=None):
        """Call an entry point as a host does.

        Raises:
            Failure: what the plugin answers instead.
        """
        before = dict(self.state)
        succeeded, reply = entries.answer(entry, dumps(request))
        if succeeded:
            return loads(reply) if reply else None
        self.state.clear()
        self.state.update(before)
        raise failures.from_item(loads(reply))

    def _answer(self, wanted, data):
        request = loads(data) if data else None
        try:
            if wanted.module == "app":
                reply = self._named(self.functions, wanted.name)(request)
            else:
                reply = getattr(self, f"_{wanted.name}")(request)
        except failures.Failure as failed:
            return False, dumps(failed.item())
        return True, b"" if reply is None else dumps(reply)

    @staticmethod
    def _named(offered, name):
        if name not in offered:
            raise failures.NotFound(f"there is no `{name}`")
        return offered[name]

    def _log(self, request):
        self.logs.append((LEVELS[request[0]], request[1]))

    def _metric_record(self, request):
        self.metrics.append(tuple(request))

    def _cancelled(self, _request):
        return self.cancelled

    def _state_get(self, key):
        return self.state.get(key)

    def _state_put(self, request):
        self.state[request[0]] = request[1]

    def _state_delete(self, key):
        return self.state.pop(key, None) is not None

    def _state_add(self, request):
        key, delta = request
        if type(self.state.get(key, 0)) is not int:
            raise failures.Invalid("the value is no integer")
        self.state[key] = self.state.get(key, 0) + delta
        return self.state[key]

    def _state_swap(self, request):
        key, expected, value = request
        if self.state.get(key) != expected:
            return False
        if value is None:
            self.state.pop(key, None)
        else:
            self.state[key] = value
        return True

    def _state_keys(self, request):
        prefix, after, limit = request
        found = sorted(key for key in self.state if key.startswith(prefix) and (after is None or key > after))
        return list(itertools.islice(found, limit))

    def _emit(self, records):
        self.emitted += records
        return len(records)

    def _clock_now(self, _request):
        return time.time_ns(), time.monotonic_ns()

    def _random_bytes(self, size):
        return os.urandom(size)

    def _http_request(self, request):
        if self.http is None:
            raise failures.Denied("this host asks nobody")
        return self.http(request)

    def _template_expand(self, text):
        for name, value in self.variables.items():
            text = text.replace("{{ " + name + " }}", str(value))
        return text

    def _vars_get(self, name):
        return self.variables.get(name)

    def _vars_set(self, request):
        self.variables[request[0]] = request[1]

    def _action_call(self, request):
        return self._named(self.actions, request[0])(request[1])

    def _extension_call(self, request):
        return self._named(self.extensions, request[0])(request[1], request[2])
