/** Requests to the hosts that are granted. Needs `http`. */

import { answered, asked, asks } from "./abi";
import { written } from "./encode";
import { Value } from "./value";

@external("wardian", "http_request")
declare function ask(at: usize, size: usize): i64;

@final
export class Request {
  /** A map of texts; names in any case. */
  headers: Value = Value.map();
  /** A text, bytes, or null. */
  body: Value = Value.null;
  /** 0 leaves it to the host. */
  timeoutMs: i64 = 0;

  constructor(
    public method: string,
    public url: string,
  ) {}
}

@final
export class Response {
  constructor(
    public status: i32,
    /** A map of texts, with names in lower case. */
    public headers: Value,
    public body: Uint8Array,
  ) {}

  /** The body, read as UTF-8. */
  get text(): string {
    return String.UTF8.decode(this.body.buffer);
  }
}

/** Makes a request, follows redirects and unpacks what is packed. Any status is an answer, not a failure. */
export function send(request: Request): Response {
  const map = Value.map().set("method", request.method).set("url", request.url);
  if (request.headers.length) map.set("headers", request.headers);
  if (!request.body.isNull) map.set("body", request.body);
  if (request.timeoutMs) map.set("timeout_ms", request.timeoutMs);
  const answer = asks(map) ? answered(ask(written, asked)) : Value.null;
  return new Response(<i32>answer.get("status").asInt(), answer.get("headers"), answer.get("body").asBytes());
}

export function get(url: string): Response {
  return send(new Request("GET", url));
}
