/** An extension that counts for others, and goes on after a restart. */
import { extension, invalid, state } from "wardian";

export default extension({
  methods: {
    /** An integer, or null for 1 → the new total */
    add(argument: number | null) {
      const delta = argument ?? 1;
      if (!Number.isInteger(delta)) throw invalid("`add` takes an integer");
      return state.add("total", delta);
    },

    get: (): number => state.get("total") ?? 0,
  },
});
