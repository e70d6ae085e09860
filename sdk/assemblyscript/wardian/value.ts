/** `Value`: anything that CBOR items of the ABI can say, with its kind kept. */

import { same } from "./comparing";
import { keyOfBytes, isBytesKey, bytesOfKey } from "./keys";
import { Entries } from "./entries";
import { Time } from "./time";
import { fail } from "./fail";
import { show } from "./showing";

export enum Kind {
  Null,
  Bool,
  /** From -2^63 to 2^63 - 1. */
  Int,
  /** From 2^63 to 2^64 - 1. */
  Uint,
  Float,
  Text,
  Bytes,
  List,
  Map,
  Time,
}

/**
 * One value. Reading never fails: what is absent or of another kind is null, or what you say instead. The readers that
 * are named after a kind (`text`, `int`, …) are for what must be there: they make the call fail with a message that
 * names the key, see `fail`.
 */
@final
export class Value {
  /** For the SDK: a number, or the bits of one. */
  bits: u64 = 0;
  /** For the SDK: a string, an array or whatever else this kind holds; as the collector has to see it. */
  held: Object | null = null;

  /** Use `Value.of`, `Value.list` or `Value.map`. */
  constructor(public kind: Kind) {}

  /** The value null. */
  static get null(): Value {
    return NULL;
  }

  /** A value of a boolean, a number, a string, a `Uint8Array`, a `Time`, a `Value`, a `@message`, or an array of these. */
  static of<T>(value: T): Value {
    if (isReference<T>()) {
      if (isNullable<T>()) {
        if (!value) return NULL;
        return Value.of<NonNullable<T>>(changetype<NonNullable<T>>(value));
      } else if (isString<T>()) {
        return holding(Kind.Text, changetype<Object>(value));
      } else if (idof<T>() == idof<Value>()) {
        return changetype<Value>(value);
      } else if (idof<T>() == idof<Uint8Array>()) {
        return holding(Kind.Bytes, changetype<Object>(value));
      } else if (idof<T>() == idof<Time>()) {
        return holding(Kind.Time, changetype<Object>(value));
      } else if (idof<T>() == idof<Array<Value>>()) {
        return holding(Kind.List, changetype<Object>(value));
      } else if (isArray<T>()) {
        const list = new Array<Value>();
        for (let i = 0; i < value.length; i++) list.push(Value.of<valueof<T>>(value[i]));
        return holding(Kind.List, changetype<Object>(list));
        // @ts-ignore: only messages have it
      } else if (isDefined(value.toValue)) {
        // @ts-ignore: likewise
        return value.toValue();
      } else {
        ERROR("Value.of takes booleans, numbers, strings, Uint8Array, Time, Value, messages, and arrays of these");
      }
    } else if (isBoolean<T>()) {
      return value ? TRUE : FALSE;
    } else if (isFloat<T>()) {
      return withBits(Kind.Float, reinterpret<u64>(<f64>value));
    } else if (isSigned<T>()) {
      return withBits(Kind.Int, <u64>(<i64>value));
    }
    if (value == 0 && nameof<T>() == "usize") return NULL; // the type that `null` alone has
    return withBits(<u64>value > <u64>i64.MAX_VALUE ? Kind.Uint : Kind.Int, <u64>value);
  }

  /** An empty list, for `push`. */
  static list(): Value {
    return holding(Kind.List, changetype<Object>(new Array<Value>()));
  }

  /** An empty map, for `set`. */
  static map(): Value {
    return holding(Kind.Map, new Entries());
  }

  get isNull(): bool {
    return this.kind == Kind.Null;
  }

  get isBool(): bool {
    return this.kind == Kind.Bool;
  }

  /** Whether it is an integer of any size. */
  get isInt(): bool {
    return this.kind == Kind.Int || this.kind == Kind.Uint;
  }

  get isFloat(): bool {
    return this.kind == Kind.Float;
  }

  get isText(): bool {
    return this.kind == Kind.Text;
  }

  get isBytes(): bool {
    return this.kind == Kind.Bytes;
  }

  get isList(): bool {
    return this.kind == Kind.List;
  }

  get isMap(): bool {
    return this.kind == Kind.Map;
  }

  get isTime(): bool {
    return this.kind == Kind.Time;
  }

  asBool(otherwise: bool = false): bool {
    return this.isBool ? this.bits != 0 : otherwise;
  }

  /** An integer that `i64` holds. */
  asInt(otherwise: i64 = 0): i64 {
    return this.kind == Kind.Int ? <i64>this.bits : otherwise;
  }

  /** An integer that `u64` holds. */
  asUint(otherwise: u64 = 0): u64 {
    return this.kind == Kind.Uint || (this.kind == Kind.Int && <i64>this.bits >= 0) ? this.bits : otherwise;
  }

  /** A number: a float, or an integer as the nearest one. */
  asFloat(otherwise: f64 = 0): f64 {
    if (this.kind == Kind.Float) return reinterpret<f64>(this.bits);
    if (this.kind == Kind.Int) return <f64>(<i64>this.bits);
    return this.kind == Kind.Uint ? <f64>this.bits : otherwise;
  }

  asText(otherwise: string = ""): string {
    return this.isText ? changetype<string>(this.held) : otherwise;
  }

  asBytes(): Uint8Array {
    return this.isBytes ? changetype<Uint8Array>(this.held) : new Uint8Array(0);
  }

  asTime(): Time | null {
    return this.isTime ? changetype<Time>(this.held) : null;
  }

  /** The items of a list, not a copy of them; none for anything else. */
  asList(): Value[] {
    return this.isList ? changetype<Value[]>(this.held) : [];
  }

  /** How many items a list or pairs a map has; 0 for anything else. */
  get length(): i32 {
    if (this.isList) return changetype<Value[]>(this.held).length;
    return this.isMap ? changetype<Entries>(this.held).keys.length : 0;
  }

  /** The item of a list, null where there is none. */
  at(index: i32): Value {
    if (!this.isList) return NULL;
    const items = changetype<Value[]>(this.held);
    return <u32>index < <u32>items.length ? unchecked(items[index]) : NULL;
  }

  /** The value of a map's text key, null where there is none. */
  get(key: string): Value {
    return this.isMap ? changetype<Entries>(this.held).get(key) : NULL;
  }

  /** Whether a map has this text key, be its value null. */
  has(key: string): bool {
    return this.isMap && changetype<Entries>(this.held).find(key) >= 0;
  }

  /** The keys of a map in their order: texts, and bytes. */
  keys(): Value[] {
    const found = new Array<Value>();
    if (!this.isMap) return found;
    const keys = changetype<Entries>(this.held).keys;
    for (let i = 0; i < keys.length; i++) {
      found.push(isBytesKey(keys[i]) ? Value.of(bytesOfKey(keys[i])) : Value.of(keys[i]));
    }
    return found;
  }

  /** The values of a map in the order of its keys. */
  values(): Value[] {
    return this.isMap ? changetype<Entries>(this.held).values : [];
  }

  /** Adds to a list, and gives the list. */
  push<T>(value: T): Value {
    if (!this.isList) throw new TypeError("only a list can be pushed to");
    changetype<Value[]>(this.held).push(Value.of<T>(value));
    return this;
  }

  /** Sets a text key of a map, and gives the map. */
  set<T>(key: string, value: T): Value {
    if (!this.isMap) throw new TypeError("only a map has keys that can be set");
    changetype<Entries>(this.held).set(key, Value.of<T>(value));
    return this;
  }

  /** The value of a map's byte key, null where there is none. A text is never equal to a byte string. */
  getBytes(key: Uint8Array): Value {
    return this.get(keyOfBytes(key));
  }

  /** Sets a byte key of a map, and gives the map. */
  setBytes<T>(key: Uint8Array, value: T): Value {
    return this.set(keyOfBytes(key), value);
  }

  /** Another list or map with the same items or pairs; scalars are themselves. */
  copy(): Value {
    if (this.isList) return Value.of(changetype<Value[]>(this.held).slice(0));
    return this.isMap ? holding(Kind.Map, changetype<Entries>(this.held).copy()) : this;
  }

  /** Whether it is of the same kind and says the same; maps in any order, an integer is no float. */
  equals(other: Value): bool {
    return same(this, other);
  }

  /** As JSON, for people: at most so many characters, and `…` where there are more. */
  show(most: i32 = 200): string {
    return show(this, most);
  }

  /** The text under a key; the call fails when there is none. */
  text(key: string): string {
    const found = this.get(key);
    if (!found.isText) fail.expected(`\`${key}\``, "a text");
    return found.asText();
  }

  /** The integer under a key; the call fails when there is none that `i64` holds. */
  int(key: string): i64 {
    const found = this.get(key);
    if (found.kind != Kind.Int) fail.expected(`\`${key}\``, "an integer");
    return found.asInt();
  }

  /** The number under a key, an integer as well; the call fails when there is none. */
  float(key: string): f64 {
    const found = this.get(key);
    if (!found.isInt && !found.isFloat) fail.expected(`\`${key}\``, "a number");
    return found.asFloat();
  }

  /** The boolean under a key; the call fails when there is none. */
  bool(key: string): bool {
    const found = this.get(key);
    if (!found.isBool) fail.expected(`\`${key}\``, "true or false");
    return found.asBool();
  }

  /** The bytes under a key; the call fails when there are none. */
  bytes(key: string): Uint8Array {
    const found = this.get(key);
    if (!found.isBytes) fail.expected(`\`${key}\``, "bytes");
    return found.asBytes();
  }

  /** The items of the list under a key; the call fails when there is none. */
  list(key: string): Value[] {
    const found = this.get(key);
    if (!found.isList) fail.expected(`\`${key}\``, "a list");
    return found.asList();
  }

  /** The map under a key; the call fails when there is none. */
  map(key: string): Value {
    const found = this.get(key);
    if (!found.isMap) fail.expected(`\`${key}\``, "a map");
    return found;
  }

  /** The text under a key, or `otherwise` where it is absent or null; of another kind it makes the call fail. */
  textOr(key: string, otherwise: string): string {
    return this.get(key).isNull ? otherwise : this.text(key);
  }

  /** Likewise, an integer. */
  intOr(key: string, otherwise: i64): i64 {
    return this.get(key).isNull ? otherwise : this.int(key);
  }

  /** Likewise, a number. */
  floatOr(key: string, otherwise: f64): f64 {
    return this.get(key).isNull ? otherwise : this.float(key);
  }

  /** Likewise, a boolean. */
  boolOr(key: string, otherwise: bool): bool {
    return this.get(key).isNull ? otherwise : this.bool(key);
  }
}

/** For the SDK: a value of this kind that holds an object. */
export function holding(kind: Kind, held: Object): Value {
  const value = new Value(kind);
  value.held = held;
  return value;
}

/** For the SDK: a value of this kind that is a number. */
export function withBits(kind: Kind, bits: u64): Value {
  const value = new Value(kind);
  value.bits = bits;
  return value;
}

// Made at start, once: they cannot be changed.
const NULL = new Value(Kind.Null);
const FALSE = new Value(Kind.Bool);
const TRUE = withBits(Kind.Bool, 1);
