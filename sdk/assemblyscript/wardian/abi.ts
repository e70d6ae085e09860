/** The border: the buffer for requests, how an entry point begins and ends, how the host is asked. */

import { decode, fault } from "./decode";
import { encode, mistake, written } from "./encode";
import { Failure, caught, fail, failed } from "./fail";
import { Value } from "./value";

const FAILED: u64 = 1 << 31;
const PAGE: usize = 65536;

// The buffer for requests has pages of its own, as the allocator of this language traps where there is no memory, and
// the host has to be told instead. When it grows it at least doubles, so that what is left behind is less than it is.
let buffer: usize = 0;
let capacity: usize = 0;

/** Exported: names the version of the ABI. */
export function wardian_abi_v1(): void {}

/** Exported: hands the host a buffer for requests; 0 where there is no memory. */
export function wardian_alloc(size: usize): usize {
  if (size <= capacity) return buffer;
  const pages = <i32>((<u64>size + PAGE - 1) >> 16);
  const follows = <usize>memory.size() << 16 == buffer + capacity && capacity > 0; // nobody else has grown since
  const needed = follows ? pages - <i32>(capacity >> 16) : pages;
  const wanted = max(pages, <i32>(capacity >> 15)) - (follows ? <i32>(capacity >> 16) : 0);
  let had = memory.grow(wanted);
  let grown = wanted;
  if (had < 0) {
    had = memory.grow(needed);
    grown = needed;
  }
  if (had < 0) return 0;
  if (follows) {
    capacity += <usize>grown << 16;
  } else {
    buffer = <usize>had << 16;
    capacity = <usize>grown << 16;
  }
  return buffer;
}

/** The request of an entry point that begins. When it is no item, a failure waits. */
export function begin(at: usize, size: usize): Value {
  caught(); // left by nobody; a call begins without a failure
  const request = decode(at, size);
  if (fault.length) fail.invalid(`the request is no item: ${fault}`);
  return request;
}

/** What an entry point returns, made of its reply or of the failure that waits. */
export function end(reply: Value): u64 {
  let failure = caught();
  if (!failure) {
    if (reply.isNull) return 0;
    const size = encode(reply);
    if (!mistake.length) return ((<u64>written) << 32) | <u64>size;
    failure = new Failure("internal", `the reply cannot be written: ${mistake}`);
  }
  let size = encode(failure.toValue());
  if (mistake.length) size = encode(new Failure("internal", `the error cannot be written: ${mistake}`).toValue());
  return ((<u64>written) << 32) | FAILED | <u64>size;
}

@external("wardian", "take")
declare function take(at: usize): void;

/** Writes the request of a host call; false when it must not be made, as a failure waits. */
export function asks(request: Value): bool {
  if (failed()) return false;
  asked = encode(request);
  if (mistake.length) fail.internal(`the host cannot be asked: ${mistake}`);
  return !mistake.length;
}

/** The length of the request that `asks` wrote at `written`. */
export let asked: usize = 0;

/** What the host answered; where that is an error, it waits as this call's failure, and null is given. */
export function answered(status: i64): Value {
  if (status == 0) return Value.null;
  const size = <usize>abs(status);
  const to = heap.alloc(size);
  take(to);
  const answer = decode(to, size);
  const wrong = fault;
  heap.free(to);
  if (wrong.length) return fail.internal(`the host's answer is no item: ${wrong}`);
  return status > 0 ? answer : fail.as(Failure.of(answer));
}
