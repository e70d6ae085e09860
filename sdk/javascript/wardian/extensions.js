import { call } from "#engine";

export const extensions = {
  /** What a method of another plugin's extension answers. */
  call: (extension, method, argument = null) => call("extension_call", [extension, method, argument]),
};
