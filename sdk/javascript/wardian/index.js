/** All that a plugin imports: `import { processor, state, invalid } from "wardian"`. To import a capability is to ask for it. */
export { source, action, processor, func, aggregator, sink, lookup, extension } from "./kinds.js";
export {
  WardianError, invalid, configError, transient, denied, exhausted, notFound, conflict, unimplemented, internal,
} from "./errors.js";
export { Time } from "./time.js";
export { milliseconds } from "./duration.js";
export { encode, decode } from "./codec.js";
export { log } from "./log.js";
export { metric } from "./metric.js";
export { cancelled } from "./cancelled.js";
export { state } from "./state.js";
export { emit } from "./emit.js";
export { clock } from "./clock.js";
export { random } from "./random.js";
export { http } from "./http.js";
export { template } from "./template.js";
export { vars } from "./vars.js";
export { actions } from "./actions.js";
export { extensions } from "./extensions.js";
export { app } from "./app.js";
