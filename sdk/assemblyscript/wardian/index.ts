/** Wardian's SDK for plugins in AssemblyScript, for version 1 of the ABI: all that a plugin imports. */

import * as actions from "./actions";
import * as cbor from "./cbor";
import * as clock from "./clock";
import * as duration from "./duration";
import * as extensions from "./extensions";
import * as http from "./http";
import * as log from "./log";
import * as metric from "./metric";
import * as random from "./random";
import * as state from "./state";
import * as template from "./template";
import * as vars from "./vars";

export { cancelled } from "./cancelled";
export { emit } from "./emit";
export { Failure, caught, fail, failed } from "./fail";
export {
  Action, Aggregator, Batch, Extension, Function, Lookup, Plugin, Processor, Remark, Sink, Source,
} from "./kinds";
export { Level } from "./log";
export { Record } from "./record";
export { Time } from "./time";
export { Kind, Value } from "./value";
export { actions, cbor, clock, duration, extensions, http, log, metric, random, state, template, vars };
