/** The SDK's own tests, run by `run.mjs`: each returns when all is well, and asserts what it promises. */
import { Extension, Failure, Kind, Record, Time, Value, caught, cbor, duration, fail, failed, state } from "wardian";

@plugin
class Tests extends Extension {
  call(method: string, argument: Value): Value {
    return argument;
  }
}

/** For the vectors: any item -> the same. */
@entry
function echo(item: Value): Value {
  return item;
}

function isTime(text: string, seconds: i64, nanoseconds: u32, written: string): void {
  const time = Time.parse(text);
  assert(time != null, text);
  assert(time!.seconds == seconds && time!.nanoseconds == nanoseconds, text);
  assert(new Time(seconds, nanoseconds).toString() == written, new Time(seconds, nanoseconds).toString());
}

@entry
function test_times_are_read_and_written(): void {
  isTime("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z");
  isTime("2000-02-29T12:30:45.5-01:30", 951_832_845, 500_000_000, "2000-02-29T14:00:45.500Z");
  isTime("1969-12-31T23:59:59.000001Z", -1, 1000, "1969-12-31T23:59:59.000001Z");
  isTime("0001-01-01T00:00:00Z", -62_135_596_800, 0, "0001-01-01T00:00:00Z");
  isTime("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999, "9999-12-31T23:59:59.999999999Z");
  assert(Time.parse("2023-02-29T00:00:00Z") == null);
  assert(Time.at(-1).seconds == -1 && Time.at(-1).nanoseconds == 999_999_999 && Time.at(-1).ns == -1);
}

@entry
function test_each_day_of_four_centuries_is_written_as_it_is_read(): void {
  for (let day: i64 = -719_162; day < -719_162 + 146_097; day++) {
    const written = new Time(day * 86_400).toString();
    const read = Time.parse(written);
    assert(read != null && read.seconds == day * 86_400, written);
  }
}

@entry
function test_durations_are_read(): void {
  assert(duration.nanoseconds(Value.of("1m30s")) == 90_000_000_000);
  assert(duration.nanoseconds(Value.of("1.5ms")) == 1_500_000);
  assert(duration.nanoseconds(Value.of("0.000000001h")) == 3_600);
  assert(duration.nanoseconds(Value.of(7)) == 7);
  const wrong = ["", "1", "s", "1.s", "1 s", "-1s", "1d", "1.0000000001s", "999999999999999999h", "876001h"];
  for (let i = 0; i < wrong.length; i++) assert(duration.nanoseconds(Value.of(wrong[i])) == -1, wrong[i]);
}

@entry
function test_values_keep_their_kind(): void {
  assert(Value.of(1).kind == Kind.Int && Value.of<u64>(u64.MAX_VALUE).kind == Kind.Uint);
  assert(Value.of<u64>(u64.MAX_VALUE).asUint() == u64.MAX_VALUE && Value.of<u64>(u64.MAX_VALUE).asInt(-7) == -7);
  assert(Value.of(-1).asUint(7) == 7 && Value.of(1.0).kind == Kind.Float && Value.of(true).kind == Kind.Bool);
  assert(Value.of(null).isNull && Value.map().set("a", null).get("a").isNull && Value.of<u32>(0).isInt);
  assert(Value.of<string | null>(null).isNull && Value.of([1, 2]).at(1).asInt() == 2 && Value.of([1]).at(-1).isNull);
  assert(Value.of(new Time(1)).isTime && Value.of(new Uint8Array(2)).isBytes);
}

@entry
function test_values_are_compared_by_what_they_say(): void {
  const one = Value.map().set("a", 1).set("b", [1, 2]);
  assert(one.equals(Value.map().set("b", [1, 2]).set("a", 1)) && !one.equals(one.copy().set("c", 1)));
  assert(!Value.of(1).equals(Value.of(1.0)) && !Value.of("a").equals(Value.of(String.UTF8.encode("a").byteLength)));
  assert(Value.of(NaN).equals(Value.of(NaN)) && !one.copy().set("a", 2).equals(one));
}

@entry
function test_maps_of_any_size_find_their_keys(): void {
  const map = Value.map();
  for (let i = 0; i < 1000; i++) map.set(`key ${i}`, i);
  for (let i = 0; i < 1000; i++) assert(map.get(`key ${i}`).asInt(-1) == i);
  map.set("key 7", "seven");
  const bytes = Uint8Array.wrap(String.UTF8.encode("key 7"));
  map.setBytes(bytes, null);
  assert(map.length == 1001 && map.get("key 7").asText() == "seven" && map.getBytes(bytes).isNull);
  assert(map.keys()[1000].isBytes && map.get("absent").isNull && !map.has("absent"));
}

@entry
function test_values_are_shown_as_far_as_they_are_read(): void {
  const value = Value.map().set("a\"", [1.5, -2]).set("b", Value.null).set("c", Uint8Array.wrap(String.UTF8.encode("!")));
  assert(value.show() == "{\"a\\\"\": [1.5, -2.0], \"b\": null, \"c\": h'21'}", value.show());
  assert(Value.of("line\n\u0001").show() == '"line\\n\\u0001"');
  const large = new Uint8Array(10_000_000);
  assert(Value.of(large).show(10) == "h'00000000…", Value.of(large).show(10));
}

@entry
function test_the_first_failure_is_the_one_that_waits_until_it_is_caught(): void {
  fail.invalid("first");
  fail.conflict("second");
  assert(failed() && state.add("n", 1) == 0); // no host call is made, and this host has no state
  const failure = caught();
  assert(failure != null && failure.kind == "invalid" && failure.message == "first" && !failed() && caught() == null);
}

@entry
function test_a_failure_is_written_with_what_it_says_alone(): void {
  const failure = new Failure("transient", "later");
  assert(failure.toValue().show() == '{"kind": "transient", "message": "later"}');
  failure.retryAfterMs = 0;
  failure.code = "E1";
  assert(Failure.of(failure.toValue()).retryAfterMs == 0 && Failure.of(failure.toValue()).code == "E1");
}

@entry
function test_readers_name_the_key_that_is_wrong(): void {
  const map = Value.map().set("n", "one");
  assert(map.int("n") == 0 && caught()!.message == "`n` must be an integer");
  assert(map.textOr("absent", "x") == "x" && !failed());
  assert(map.boolOr("n", true) == false && caught()!.message == "`n` must be true or false");
}

@entry
function test_what_cannot_be_written_fails(): void {
  cbor.encode(Value.of(String.fromCharCode(0xdc00)));
  assert(caught()!.message == "the value cannot be written: a text holds half of a surrogate pair");
  const endless = Value.list();
  cbor.encode(endless.push(endless).push(endless));
  assert(caught()!.message == "the value cannot be written: it nests too deep");
  cbor.decode(new Uint8Array(0));
  assert(caught()!.message == "no item: it ends too early");
  assert(cbor.decode(cbor.encode(Value.of("ü€😀"))).asText() == "ü€😀");
}

@entry
function test_records_keep_what_they_came_with(): void {
  const record = Record.from(Value.map().set("data", 1).set("other", 2));
  record.message = "m";
  const copy = record.copy();
  copy.data = Value.of(3);
  assert(record.data.asInt() == 1 && copy.value.get("other").asInt() == 2 && copy.message == "m" && copy.key.isNull);
}
