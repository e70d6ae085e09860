import { call } from "#engine";

/** Whether the host wants this call to come to its end; to be asked in long loops. */
export const cancelled = () => call("cancelled");
