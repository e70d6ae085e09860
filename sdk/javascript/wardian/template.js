import { call } from "#engine";

export const template = {
  /** A text with its placeholders filled in from what the running call knows. */
  expand: (text) => call("template_expand", text),
};
