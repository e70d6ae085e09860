/** From the request of each entry point to the method of a plugin, and back; the transform makes exports of these. */

import { blamesConfig, caught, fail, failed } from "./fail";
import {
  Action, Aggregator, Batch, Extension, Function, Lookup, Plugin, Processor, Remark, Sink, Source,
} from "./kinds";
import { Record } from "./record";
import { Value } from "./value";

export function plugin_open(plugins: Plugin[], request: Value): Value {
  let interval: i64 = 0;
  blamesConfig(true);
  for (let i = 0; i < plugins.length && !failed(); i++) {
    const plugin = plugins[i];
    plugin.opening = request;
    plugin.open(request.get("config"));
    if (plugin instanceof Source && !failed()) {
      const source = plugin as Source;
      const offset = request.get("resume");
      if (!offset.isNull) source.resume(offset);
      interval = source.intervalMs;
    }
  }
  blamesConfig(false);
  return interval > 0 ? Value.map().set("interval_ms", interval) : Value.null;
}

export function plugin_check(plugins: Plugin[], request: Value): Value {
  const list = Value.list();
  blamesConfig(true);
  for (let i = 0; i < plugins.length && !failed(); i++) {
    const remarks: Remark[] = plugins[i].check(request.get("config"));
    for (let j = 0; j < remarks.length; j++) {
      list.push(Value.list().push(<i32>remarks[j].level).push(remarks[j].text));
    }
  }
  blamesConfig(false);
  return list;
}

export function plugin_close(plugins: Plugin[], request: Value): Value {
  for (let i = 0; i < plugins.length; i++) plugins[i].close();
  return request;
}

export function source_poll(plugin: Source, request: Value): Value {
  const demand = request.get("demand").asUint();
  const batch: Batch = plugin.poll(request.get("now").asInt(), <i32>min<u64>(demand, <u64>i32.MAX_VALUE));
  const reply = Value.map().set("records", valuesOf(batch.records));
  if (batch.waitMs > 0) reply.set("wait_ms", batch.waitMs);
  if (!batch.offset.isNull) reply.set("offset", batch.offset);
  if (batch.done) reply.set("done", true);
  return reply;
}

export function source_request(plugin: Source, request: Value): Value {
  const record = plugin.request(request.get("payload"), request.get("headers"));
  return record ? record.value : Value.null;
}

export function action_call(plugin: Action, request: Value): Value {
  return plugin.call(request.get("params"), request.get("vars"));
}

export function action_cancel(plugin: Action, request: Value): Value {
  plugin.cancel(request.get("reason").asText(), request.get("params"));
  return Value.null;
}

export function processor_process(plugin: Processor, request: Value): Value {
  const records = request.get("records").asList();
  const outcomes = Value.list();
  for (let i = 0; i < records.length && !failed(); i++) {
    const made = plugin.process(Record.from(records[i]));
    outcomes.push(outcome(valuesOf(made)));
  }
  return outcomes;
}

export function function_call(plugin: Function, request: Value): Value {
  const rows = request.get("rows").asList();
  const outcomes = Value.list();
  for (let i = 0; i < rows.length && !failed(); i++) {
    const result = plugin.call(rows[i].asList());
    outcomes.push(outcome(Value.map().set("value", result)));
  }
  return outcomes;
}

export function function_validate(plugin: Function, request: Value): Value {
  plugin.validate(request.get("args").asList());
  return Value.null;
}

export function aggregator_add(plugin: Aggregator, request: Value): Value {
  const values = request.get("records").asList();
  const records: Record[] = [];
  for (let i = 0; i < values.length; i++) records.push(Record.from(values[i]));
  plugin.add(records);
  return Value.null;
}

export function aggregator_flush(plugin: Aggregator, request: Value): Value {
  return Value.map().set("records", valuesOf(plugin.flush()));
}

export function aggregator_reset(plugin: Aggregator, request: Value): Value {
  plugin.reset();
  return Value.null;
}

export function sink_write(plugin: Sink, request: Value): Value {
  const records = request.get("records").asList();
  const outcomes = Value.list();
  let good = true;
  for (let i = 0; i < records.length && !failed(); i++) {
    plugin.write(Record.from(records[i]));
    if (failed()) good = false;
    outcomes.push(outcome(Value.null));
  }
  return good ? Value.null : outcomes;
}

export function sink_flush(plugin: Sink, request: Value): Value {
  plugin.flush(request.get("urgent").asBool());
  return Value.null;
}

export function lookup_rows(plugin: Lookup, request: Value): Value {
  const fields = textsOf(request.get("fields"));
  const keys = textsOf(request.get("keys"));
  return Value.of(plugin.rows(fields, keys, request.get("values").asList()));
}

export function extension_call(plugin: Extension, request: Value): Value {
  return plugin.call(request.get("method").asText(), request.get("argument"));
}

/**
 * The failure that waits, which is that of this record or row alone; otherwise what came of it. When a quota is spent it
 * is so for the others too: that failure goes on waiting, and is the whole call's.
 */
function outcome(good: Value): Value {
  const failure = caught();
  if (!failure) return good;
  if (failure.kind == "exhausted") fail.as(failure);
  return failure.toValue();
}

function valuesOf(records: Record[]): Value {
  const list = Value.list();
  for (let i = 0; i < records.length; i++) list.push(records[i].value);
  return list;
}

function textsOf(list: Value): string[] {
  const texts: string[] = [];
  for (let i = 0; i < list.length; i++) texts.push(list.at(i).asText());
  return texts;
}
