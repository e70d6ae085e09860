/** Evaluated before a plugin's own modules. */
import { register } from "#engine";
import { close } from "./app.js";
import { entriesOf, importsOf } from "./collect.js";
import { describe, errorOf } from "./errors.js";
import { Time } from "./time.js";
import "./globals.js";

register({ Time, errorOf, describe });

export const collect = (namespace, used) => ({ entries: entriesOf(namespace), imports: importsOf(used, close()) });
