/** Values as what an author declared: the arguments of `@entry`, and the fields of a `@message`. */

import { fail } from "./fail";
import { Time } from "./time";
import { Value } from "./value";

/**
 * A value as a type; the call fails where it is none. The message says what was wrong: the item `index` of the list
 * under a key, where that is not negative; or what is under the key; or the request, where the key is empty.
 */
export function as<T>(value: Value, key: string = "", index: i32 = -1): T {
  if (isReference<T>()) {
    if (isNullable<T>()) {
      if (value.isNull) return changetype<T>(0);
      return changetype<T>(as<NonNullable<T>>(value, key, index));
    } else if (isString<T>()) {
      if (!value.isText) wrong(key, index, "a text");
      return changetype<T>(value.asText());
    } else if (idof<T>() == idof<Value>()) {
      return changetype<T>(value);
    } else if (idof<T>() == idof<Uint8Array>()) {
      if (!value.isBytes) wrong(key, index, "bytes");
      return changetype<T>(value.asBytes());
    } else if (idof<T>() == idof<Time>()) {
      const time = value.asTime();
      if (!time) wrong(key, index, "a point in time");
      return changetype<T>(time ? time : new Time(0));
    } else if (isArray<T>()) {
      if (!value.isList) wrong(key, index, "a list");
      const list = instantiate<T>();
      for (let i = 0; i < value.length; i++) list.push(as<valueof<T>>(value.at(i), key, i));
      return list;
    } else {
      const made = instantiate<T>();
      // @ts-ignore: only messages have it
      if (isDefined(made.read)) made.read(value, key, index);
      else ERROR("booleans, numbers, string, Uint8Array, Time, Value, messages and arrays of these are read from items");
      return made;
    }
  } else if (isBoolean<T>()) {
    if (!value.isBool) wrong(key, index, "true or false");
    return <T>value.asBool();
  } else if (isFloat<T>()) {
    if (!value.isFloat && !value.isInt) wrong(key, index, "a number");
    return <T>value.asFloat();
  } else if (isSigned<T>()) {
    const whole = <T>value.asInt();
    if (value.asInt(i64.MIN_VALUE) != <i64>whole && !least<T>(value)) wrong(key, index, range<T>());
    return whole;
  }
  const whole = <T>value.asUint();
  if (value.asUint(0) != <u64>whole || value.asUint(1) != value.asUint(0)) wrong(key, index, range<T>());
  return whole;
}

function wrong(key: string, index: i32, what: string): void {
  fail.expected(key.length == 0 ? "the request" : index < 0 ? `\`${key}\`` : `\`${key}[${index}]\``, what);
}

/** Whether the value is the least number of 64 bits, which stands for *none* above. */
function least<T>(value: Value): bool {
  return sizeof<T>() == 8 && value.isInt && value.asInt(0) == i64.MIN_VALUE;
}

function range<T>(): string {
  if (sizeof<T>() == 8) return isSigned<T>() ? "an integer of 64 bits" : "an integer of 64 bits that is not negative";
  const bits = sizeof<T>() * 8;
  return isSigned<T>() ? `an integer of ${bits} bits` : `an integer of ${bits} bits that is not negative`;
}

/** The field of a message: what stands under the key, or `otherwise` where it may be absent. */
export function field<T>(map: Value, key: string, required: bool, otherwise: T): T {
  const found = map.get(key);
  return found.isNull && !required ? otherwise : as<T>(found, key);
}

/** Refuses what is no map. */
export function isMessage(value: Value, key: string, index: i32): bool {
  if (!value.isMap) wrong(key, index, "a map");
  return value.isMap;
}

/** What a field without a value of its own holds before it is read. */
export function blank<T>(): T {
  if (isReference<T>()) {
    if (isNullable<T>()) return changetype<T>(0);
    if (isString<T>()) return changetype<T>("");
    if (idof<T>() == idof<Value>()) return changetype<T>(Value.null);
    if (idof<T>() == idof<Uint8Array>()) return changetype<T>(new Uint8Array(0));
    if (idof<T>() == idof<Time>()) return changetype<T>(new Time(0));
    return instantiate<T>();
  }
  return <T>0;
}
