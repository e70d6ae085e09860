/** An action that greets somebody. */
import { action, invalid } from "wardian";

let greeting = "Hello"; // what is set lives as long as the plugin's instance

export default action({
  /** Called once, before all else, with what the operator configured. */
  open({ config }) {
    greeting = config.greeting ?? greeting;
  },

  call(params) {
    if (typeof params?.name !== "string") throw invalid("`name` must be a text");
    return { text: `${greeting}, ${params.name}!` };
  },
});
