/** An entry point for each import: it takes that import's request and replies with its answer. */
import {
  Record, Value, actions, cancelled, clock, emit, extensions, fail, http, log, metric, random, state, template, vars,
} from "wardian";

@entry
function probe_log(request: Value): void {
  log.write(<log.Level>(<i32>request.at(0).asInt()), request.at(1).asText(), request.at(2));
}

@entry
function probe_state_get(key: string): Value {
  return state.get(key);
}

@entry
function probe_state_put(request: Value): void {
  state.put(request.at(0).asText(), request.at(1), request.at(2).asInt());
}

@entry
function probe_state_delete(key: string): bool {
  return state.remove(key);
}

@entry
function probe_state_add(request: Value): i64 {
  return state.add(request.at(0).asText(), request.at(1).asInt());
}

@entry
function probe_state_swap(request: Value): bool {
  return state.swap(request.at(0).asText(), request.at(1), request.at(2));
}

@entry
function probe_state_keys(request: Value): Value[] {
  return state.keys(request.at(0).asText(), <i32>request.at(2).asInt(), request.at(1));
}

/** An addition that lasts only when the call succeeds, which it does not. */
@entry
function probe_state_undone(key: string): Value {
  state.add(key, 1);
  return fail.conflict("what this call changed is undone");
}

@entry
function probe_clock_now(): i64[] {
  const now = clock.now();
  return [now.unix, now.monotonic];
}

@entry
function probe_random_bytes(size: i32): Uint8Array {
  return random.bytes(size);
}

@entry
function probe_metric_record(request: Value): void {
  metric.record(request.at(0).asText(), request.at(1).asText(), request.at(2).asFloat(), request.at(3));
}

@entry
function probe_cancelled(): bool {
  return cancelled();
}

@app
declare function probe(argument: Value): Value;

/** Any item -> what the application's function `probe` makes of it. */
@entry
function probe_app(item: Value): Value {
  return probe(item);
}

@entry
function probe_http_request(asked: Value): Value {
  const request = new http.Request(asked.text("method"), asked.text("url"));
  if (asked.has("headers")) request.headers = asked.map("headers");
  request.body = asked.get("body");
  request.timeoutMs = asked.intOr("timeout_ms", 0);
  const response = http.send(request);
  return Value.map().set("status", response.status).set("headers", response.headers).set("body", response.body);
}

@entry
function probe_emit(records: Value[]): i32 {
  return emit(records.map<Record>((value) => Record.from(value)));
}

@entry
function probe_template_expand(text: string): string {
  return template.expand(text);
}

@entry
function probe_vars_get(name: string): Value {
  return vars.get(name);
}

@entry
function probe_vars_set(request: Value): void {
  vars.set(request.at(0).asText(), request.at(1));
}

@entry
function probe_action_call(request: Value): Value {
  return actions.call(request.at(0).asText(), request.at(1));
}

@entry
function probe_extension_call(request: Value): Value {
  return extensions.call(request.at(0).asText(), request.at(1).asText(), request.at(2));
}
