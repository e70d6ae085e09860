/** The host for tests: plugins run under Node as they do in the engine. `node --test sdk/javascript/tests/` */
import assert from "node:assert/strict";
import test from "node:test";
import { open } from "../testing/index.js";
import {
  WardianError, action, aggregator, app, cancelled, clock, emit, exhausted, extension, func, invalid, log, metric, milliseconds,
  processor, sink, source, state, Time, vars,
} from "../wardian/index.js";
import { close } from "../wardian/app.js";
import { importsOf } from "../wardian/collect.js";

const failsWith = (kind) => (error) => error instanceof WardianError && error.kind === kind;

test("a record that is refused is an error of that record alone, and what is nothing is dropped", async () => {
  const plugin = await open({
    default: processor({
      process({ data }) {
        if (data === "bad") throw invalid("no");
        return data === "gone" ? null : { data };
      },
    }),
  });
  const records = [{ data: 1 }, { data: "bad" }, { data: "gone" }];
  assert.deepEqual(await plugin.call("processor_process", { records }), [
    [{ data: 1 }], { kind: "invalid", message: "no" }, [],
  ]);
});

test("records that are promises are settled one after the other", async () => {
  const order = [];
  const plugin = await open({
    default: sink({
      async write({ data }) {
        order.push(`begin ${data}`);
        await null;
        order.push(`end ${data}`);
        if (data === 2) throw new TypeError("full");
      },
    }),
  });
  const outcomes = await plugin.call("sink_write", { records: [{ data: 1 }, { data: 2 }] });
  assert.deepEqual(order, ["begin 1", "end 1", "begin 2", "end 2"]);
  assert.deepEqual(outcomes, [null, { kind: "internal", message: "TypeError: full" }]);
  assert.equal(await plugin.call("sink_write", { records: [{ data: 1 }] }), null);
});

test("what a call that fails changed in state is undone", async () => {
  const plugin = await open({
    good: () => state.add("n", 1),
    bad() {
      state.add("n", 1);
      throw new Error("oops");
    },
  });
  await plugin.call("good");
  await assert.rejects(plugin.call("bad"), failsWith("internal"));
  assert.equal(plugin.state.get("n"), 1);
  assert.match(plugin.messages[0], /oops/);
});

test("what a plugin asks of its host is answered and kept", async () => {
  const double = app("double");
  const plugin = await open(
    {
      all(request) {
        log.info("heard");
        metric.counter("calls", 1);
        vars.set("x", request);
        return [double(4), vars.get("x"), emit([{ data: 1 }]), clock.now().unix_ns, cancelled()];
      },
    },
    { functions: { double: (n) => 2 * n }, now: 5, cancelled: true },
  );
  assert.deepEqual(await plugin.call("all", "y"), [8, "y", 1, 5n, true]);
  assert.deepEqual(plugin.messages, ["heard"]);
  assert.deepEqual(plugin.metrics, [["calls", "counter", 1, null]]);
  assert.deepEqual(plugin.emitted, [{ data: 1 }]);
});

test("each kind has its entry points, and a plugin may be of several", async () => {
  const plugin = await open({
    default: [
      source({ open: () => ({ interval_ms: 7 }), poll: () => [{ data: 1 }] }),
      action({ call: (params) => params }),
      func({ call: (a, b) => a + b }),
      aggregator({ add() {}, flush: () => null }),
      extension({ methods: { twice: (n) => 2 * n, once: (n) => n } }),
    ],
  });
  assert.deepEqual(plugin.answer, { interval_ms: 7 });
  assert.deepEqual(await plugin.call("source_poll", { now: 0, demand: 1 }), { records: [{ data: 1 }] });
  assert.deepEqual(await plugin.call("function_call", { rows: [[1, 2]] }), [{ value: 3 }]);
  assert.deepEqual(await plugin.call("aggregator_flush"), { records: [] });
  assert.equal(await plugin.call("extension_call", { method: "twice", argument: 4 }), 8);
  const unknown = plugin.call("extension_call", { method: "toString", argument: 4 });
  await assert.rejects(unknown, { message: "the methods are `twice` and `once`", kind: "unimplemented" });
});

test("what cannot be sent is refused", async () => {
  const held = [];
  held.push(held);
  for (const value of [() => 1, Symbol("x"), new Set(), new Float64Array(1), held, [Promise.resolve()]])
    await assert.rejects((await open({ give: () => value })).call("give"), failsWith("internal"));
});

test("what is no plugin is refused with what is wrong", async () => {
  assert.throws(() => processor({}), /needs `process`/);
  assert.throws(() => new WardianError("odd", "x"), /no kind of error/);
  await assert.rejects(open({}), /nothing is exported/);
  await assert.rejects(open({ default: () => 1 }), /by name/);
  await assert.rejects(open({ memory: () => 1 }), /no entry point can be called/);
  await assert.rejects(open({ a: action({ call() {} }), b: action({ call() {} }) }), /two exports/);
});

test("imports are what is used, and no more", () => {
  assert.deepEqual(importsOf(["processor", "invalid"], []), ["log"]);
  assert.deepEqual(importsOf(["clock", "emit", "clock"], ["find"]), ["log", "clock_now", "emit", "app.find"]);
  assert.throws(() => importsOf(["*"], []), /name what is used/);
  close();
  assert.throws(() => app("late"), /outside of all functions/);
});

test("durations and times", () => {
  assert.deepEqual(["1s", "1m30s", "250ms", "1.5s", "soon", "", 5].map(milliseconds), [1000, 90000, 250, 1500, null, null, null]);
  assert.equal(String(new Time(951_832_845, 120_000_000)), "2000-02-29T14:00:45.12Z");
  assert.equal(String(Time.from(new Date(-1))), "1969-12-31T23:59:59.999Z");
});

test("what is exhausted ends the whole call", async () => {
  const plugin = await open({
    default: sink({
      write({ data }) {
        if (data === 2) throw exhausted("full");
      },
    }),
  });
  await assert.rejects(plugin.call("sink_write", { records: [{ data: 1 }, { data: 2 }] }), failsWith("exhausted"));
});
