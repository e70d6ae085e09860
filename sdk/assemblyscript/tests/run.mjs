/**
 * Runs the SDK's own tests: `node run.mjs tests.wasm VECTORS`, with the module of this folder and `sdk/abi/vectors`.
 * A host of a page, which knows nothing of the runtime; it ends with 1 when something is not as it has to be.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [file, vectors] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(file));
const FAILED = 0x8000_0000n;
let lines = [];

function instance() {
  let exports;
  const log = (at, size) => {
    lines.push(Buffer.from(exports.memory.buffer, at, size).toString("utf8"));
    return 0n;
  };
  const absent = () => {
    throw new Error("this host has nothing but a log");
  };
  const wardian = new Proxy({}, { get: (_, name) => (name === "log" ? log : absent) });
  exports = new WebAssembly.Instance(module, { wardian }).exports;
  exports._initialize();
  return {
    call(entry, bytes) {
      const at = exports.wardian_alloc(bytes.length) >>> 0;
      new Uint8Array(exports.memory.buffer).set(bytes, at);
      const packed = BigInt.asUintN(64, exports[entry](at, bytes.length));
      const [from, size] = [Number(packed >> 32n), Number(packed & 0x7fff_ffffn)];
      return { failed: (packed & FAILED) !== 0n, bytes: Buffer.from(exports.memory.buffer, from, size).toString("latin1") };
    },
  };
}

let wrong = 0;
function check(good, what, why = "") {
  if (good) return;
  wrong++;
  console.error(`FAILED ${what} ${why}`);
}

const NULL = Buffer.from([0xf6]);
const tests = WebAssembly.Module.exports(module).map((each) => each.name).filter((name) => name.startsWith("test_"));
for (const name of tests) {
  lines = [];
  try {
    const reply = instance().call(name, NULL);
    check(!reply.failed && reply.bytes === "", name, reply.bytes);
  } catch (error) {
    check(false, name, lines.join(" ") || error.message);
  }
}

const guest = instance();
let count = 0;
for (const folder of ["accept", "reject"]) {
  for (const each of readdirSync(join(vectors, folder))) {
    for (const vector of JSON.parse(readFileSync(join(vectors, folder, each), "utf8"))) {
      const bytes = Buffer.from(vector.hex, "hex");
      const reply = guest.call("echo", bytes);
      count++;
      check(reply.failed === (folder === "reject"), `${each}: ${vector.name}`, reply.bytes);
      if (folder === "reject") {
        check(reply.bytes.includes("invalid"), vector.name, reply.bytes);
      } else {
        // What was written is in the shortest form already, so that it is written the same again.
        const again = guest.call("echo", reply.bytes === "" ? NULL : Buffer.from(reply.bytes, "latin1"));
        check(!again.failed && again.bytes === reply.bytes, `${vector.name}, again`, again.bytes);
      }
    }
  }
}
console.log(`${tests.length} tests, ${count} vectors, ${wrong} wrong`);
process.exit(wrong ? 1 : 0);
