/** Requests to the hosts that the operator allows. */
import { call } from "#engine";
import { encodeText, decodeText } from "./text.js";

class Response {
  text() {
    return decodeText(this.body);
  }
  json() {
    return JSON.parse(this.text());
  }
}

export const http = {
  /** `{method, url, headers?, body?, timeout_ms?}` → `{status, headers, body}`, with `text()` and `json()`. */
  request: (request) => Object.assign(new Response(), call("http_request", request)),
  get: (url, more) => http.request({ method: "GET", url, ...more }),
  /** Sends a value as JSON. */
  postJson: (url, value, { headers, ...more } = {}) =>
    http.request({
      method: "POST", url, body: encodeText(JSON.stringify(value)),
      headers: { "content-type": "application/json", ...headers }, ...more,
    }),
};
