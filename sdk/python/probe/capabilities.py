"""Entry points named after an import take that import's request, and reply with its answer."""

from wardian_sdk import (
    Conflict,
    actions,
    app,
    cancelled,
    clock,
    emit,
    entry,
    extensions,
    http,
    log,
    metric,
    random,
    state,
    template,
    vars,
)  # fmt: skip

probe = app.function("probe")


@entry
def probe_asks(count):
    for _ in range(count):
        state.get("key")
    return count


@entry
def probe_log(request):
    log.write(*request)


@entry
def probe_state_get(key):
    return state.get(key)


@entry
def probe_state_put(request):
    state.put(*request)


@entry
def probe_state_delete(key):
    return state.delete(key)


@entry
def probe_state_add(request):
    return state.add(*request)


@entry
def probe_state_swap(request):
    return state.swap(*request)


@entry
def probe_state_keys(request):
    return state.keys(*request)


@entry
def probe_state_undone(key):
    state.add(key, 1)
    raise Conflict("what this call changed is undone")


@entry
def probe_clock_now(_):
    return clock.now()


@entry
def probe_random_bytes(size):
    return random.bytes(size)


@entry
def probe_metric_record(request):
    metric.record(*request)


@entry
def probe_cancelled(_):
    return cancelled.requested()


@entry
def probe_sleep_until_cancelled(_):
    while not cancelled.requested():
        pass
    return "cancelled"


@entry
def probe_app(item):
    return probe(item)


@entry
def probe_http_request(request):
    return http.request(**request)


@entry
def probe_emit(records):
    return emit.records(records)


@entry
def probe_template_expand(text):
    return template.expand(text)


@entry
def probe_vars_get(name):
    return vars.get(name)


@entry
def probe_vars_set(request):
    vars.set(*request)


@entry
def probe_action_call(request):
    return actions.call(*request)


@entry
def probe_extension_call(request):
    return extensions.call(*request)
