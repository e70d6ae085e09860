/** For editors: the decorators that `transform.mjs` reads. */

/** Exports a function as an entry point: `@entry`, or `@entry("name")`. */
declare function entry(...args: unknown[]): any;

/** Exports the entry points of a class's kind. */
declare function plugin(...args: unknown[]): any;

/** A function of the application: `@app`, or `@app("name")`. */
declare function app(...args: unknown[]): any;

/** A type for maps. */
declare function message(...args: unknown[]): any;
