/** `Time`: a point in time between the years 1 and 9999 in UTC, without leap seconds. */

const FIRST: i64 = -62_135_596_800; // 0001-01-01T00:00:00Z
const LAST: i64 = 253_402_300_799; // 9999-12-31T23:59:59Z
const BILLION: i64 = 1_000_000_000;

@final
export class Time {
  /** For the SDK: the text that it came as, with the offset that it had. */
  said: string = "";

  /** Seconds since 1970, and the nanoseconds behind them. Throws where that is outside the years 1 to 9999. */
  constructor(
    public readonly seconds: i64,
    public readonly nanoseconds: u32 = 0,
  ) {
    if (!fits(seconds) || nanoseconds >= <u32>BILLION) throw new RangeError("a time lies in the years 1 to 9999");
  }

  /** The point in time so many nanoseconds after 1970, as records and `clock.now` give them. */
  static at(ns: i64): Time {
    const part = ns % BILLION;
    return part < 0 ? new Time(ns / BILLION - 1, <u32>(part + BILLION)) : new Time(ns / BILLION, <u32>part);
  }

  /** The point in time that a text as in RFC 3339 says, null where it says none. */
  static parse(text: string): Time | null {
    return parse(text);
  }

  /** Nanoseconds since 1970. They fit for the years 1678 to 2261, and wrap around beyond them. */
  get ns(): i64 {
    return this.seconds * BILLION + this.nanoseconds;
  }

  /** As in RFC 3339, in UTC, with three, six or nine digits of fraction where there is any. */
  toString(): string {
    let days = this.seconds / 86400;
    let left = this.seconds % 86400;
    if (left < 0) {
      left += 86400;
      days -= 1;
    }
    // Years begin in March here, so that a leap day ends its year; 719468 days lead from there to 1970.
    const shifted = days + 719468;
    const era = shifted / 146097;
    const ofEra = shifted % 146097;
    const yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146096) / 365;
    const ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const fromMarch = (5 * ofYear + 2) / 153;
    const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
    const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    const day = ofYear - (153 * fromMarch + 2) / 5 + 1;
    const date = `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
    const time = `${padded(left / 3600, 2)}:${padded((left / 60) % 60, 2)}:${padded(left % 60, 2)}`;
    return `${date}T${time}${fraction(this.nanoseconds)}Z`;
  }
}

/** Whether a time has so many seconds. */
export function fits(seconds: i64): bool {
  return seconds >= FIRST && seconds <= LAST;
}

function padded(number: i64, digits: i32): string {
  return number.toString().padStart(digits, "0");
}

function fraction(nanoseconds: u32): string {
  if (nanoseconds == 0) return "";
  const digits = padded(nanoseconds, 9);
  return "." + digits.substr(0, nanoseconds % 1_000_000 == 0 ? 3 : nanoseconds % 1000 == 0 ? 6 : 9);
}

// What is left of the text that is parsed.
let rest: string = "";
let at: i32 = 0;

/** Exactly so many digits; -1 for anything else. */
function digits(count: i32): i64 {
  let value: i64 = 0;
  for (; count > 0; count--, at++) {
    if (at >= rest.length) return -1;
    const digit = rest.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function taken(letter: i32): bool {
  if (at >= rest.length || rest.charCodeAt(at) != letter) return false;
  at++;
  return true;
}

/** Exactly so many digits and the letter behind them, and no more than `most`; -1 for anything else. */
function field(count: i32, then: i32, most: i64): i64 {
  const value = digits(count);
  return value > most || (then && !taken(then)) ? -1 : value;
}

function daysOf(year: i64, month: i64): i64 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

function parse(text: string): Time | null {
  rest = text;
  at = 0;
  const year = field(4, 45, 9999); // "-"
  const month = field(2, 45, 12);
  const day = field(2, 84, 31); // "T"
  const hour = field(2, 58, 23); // ":"
  const minute = field(2, 58, 59);
  const second = field(2, 0, 59);
  if (year < 1 || month < 1 || day < 1 || hour < 0 || minute < 0 || second < 0) return null;
  if (day > daysOf(year, month)) return null;
  let part: i64 = 0;
  if (taken(46)) {
    // "."
    const from = at;
    while (at < rest.length && at - from < 9 && rest.charCodeAt(at) >= 48 && rest.charCodeAt(at) <= 57) at++;
    const count = at - from;
    if (count == 0) return null;
    at = from;
    part = digits(count);
    for (let i = count; i < 9; i++) part *= 10;
  }
  let offset: i64 = 0;
  if (!taken(90)) {
    // "Z"
    const east = taken(43); // "+"
    if (!east && !taken(45)) return null;
    const hours = field(2, 58, 23);
    const minutes = field(2, 0, 59);
    if (hours < 0 || minutes < 0) return null;
    offset = (hours * 60 + minutes) * (east ? 60 : -60);
  }
  if (at != rest.length) return null;
  const shifted = month <= 2 ? year - 1 : year;
  const ofYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
  const days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + ofYear - 719468;
  const seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset;
  if (!fits(seconds)) return null;
  const time = new Time(seconds, <u32>part);
  time.said = text;
  return time;
}
