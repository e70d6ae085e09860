import { call } from "#engine";

/** Sends records on; how many of them, from the first on, were taken. The others have to be offered again. */
export const emit = (records) => call("emit", records);
