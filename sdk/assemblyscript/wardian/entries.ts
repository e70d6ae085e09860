/** `Entries`: the pairs of a map in the order in which they came, found by their keys. */

import { Value } from "./value";

/** Up to so many keys are compared one by one; that is faster than an index, and most maps are small. */
const FEW = 8;

@final
export class Entries {
  keys: string[] = [];
  values: Value[] = [];
  private index: Map<string, i32> | null = null;

  /** Where the key is, or -1. */
  find(key: string): i32 {
    const keys = this.keys;
    if (keys.length <= FEW) {
      for (let i = 0; i < keys.length; i++) if (unchecked(keys[i]) == key) return i;
      return -1;
    }
    let index = this.index;
    if (!index) {
      index = new Map<string, i32>();
      for (let i = 0; i < keys.length; i++) index.set(unchecked(keys[i]), i);
      this.index = index;
    }
    return index.has(key) ? index.get(key) : -1;
  }

  get(key: string): Value {
    const at = this.find(key);
    return at < 0 ? Value.null : unchecked(this.values[at]);
  }

  set(key: string, value: Value): void {
    const at = this.find(key);
    if (at >= 0) unchecked((this.values[at] = value));
    else this.add(key, value);
  }

  /** For a key that is not there. */
  add(key: string, value: Value): void {
    const index = this.index;
    if (index) index.set(key, this.keys.length);
    this.keys.push(key);
    this.values.push(value);
  }

  copy(): Entries {
    const other = new Entries();
    other.keys = this.keys.slice(0);
    other.values = this.values.slice(0);
    return other;
  }
}
