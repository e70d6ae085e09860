/** A point in time to the nanosecond, as it comes in items. A `Date` may be sent as well. */
export class Time {
  /** Seconds since 1970, and minutes east of UTC of the place where it was written. */
  constructor(seconds, nanoseconds = 0, offset = 0) {
    Object.assign(this, { seconds, nanoseconds, offset });
    Object.freeze(this);
  }

  static from(date) {
    const seconds = Math.floor(date.getTime() / 1000);
    return new Time(seconds, (date.getTime() - seconds * 1000) * 1_000_000);
  }

  /** Without what is less than a millisecond. */
  toDate() {
    return new Date(this.seconds * 1000 + Math.floor(this.nanoseconds / 1_000_000));
  }

  /** In UTC. */
  toString() {
    const fraction = String(this.nanoseconds).padStart(9, "0").replace(/0+$/, "");
    return this.toDate().toISOString().replace(/\.\d+Z$/, fraction ? `.${fraction}Z` : "Z");
  }

  toJSON() {
    return this.toString();
  }
}
