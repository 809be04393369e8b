// The first thing in every worker: keeps the only way out for the harness, and takes away what a demo has no use for. None of it
// is what makes the sandbox safe, that is the frame's doing; it keeps honest code from tripping over it, and memory in bounds.

/** Bytes of WebAssembly memory for a worker's Python or SQL, as much as the build gives a demo. */
export const MEMORY = 2 ** 30;
const PAGE = 65_536;

const scope = /** @type {any} */ (globalThis);

/** Sends to the frame. @type {(said: import("./protocol.js").Said) => void} */
export const send = scope.postMessage.bind(scope);

/** Deletes a global wherever it is defined. @param {string} name */
function forget(name) {
  for (let owner = scope; owner; owner = Object.getPrototypeOf(owner)) delete owner[name];
}

/** Leaves the code no way to speak for the harness or to end the worker behind its back. */
export function guard() {
  for (const name of ["postMessage", "close", "BroadcastChannel", "WebTransport"]) forget(name);
  const grow = WebAssembly.Memory.prototype.grow;
  // Python hears of it as MemoryError; without a bound the tab would be gone first.
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * PAGE > MEMORY) throw new RangeError("out of memory");
    return grow.call(this, pages);
  };
}

/** Remembers what the worker's own JavaScript leans on. @returns {() => boolean} whether code has changed any of it since */
export function watch() {
  const { getOwnPropertyDescriptor, getOwnPropertyNames, is } = Object;
  const wholes = [Object, Function, Array, String, Map, Set, Promise, Uint8Array, RegExp, Error, Date, Number];
  const owners = [
    ...wholes.map((whole) => whole.prototype),
    ...wholes,
    JSON,
    Math,
    Reflect,
    Symbol,
    WebAssembly,
    Response,
    Blob,
  ];
  const read = (/** @type {any} */ owner, /** @type {string} */ name) => {
    const { value, get } = getOwnPropertyDescriptor(owner, name) ?? {};
    return value ?? get;
  };
  const before = owners.map((owner) => getOwnPropertyNames(owner).map((name) => ({ name, value: read(owner, name) })));
  return () => {
    for (let at = 0; at < owners.length; at++) {
      const known = /** @type {{ name: string, value: any }[]} */ (before[at]);
      if (getOwnPropertyNames(owners[at]).length !== known.length) return true;
      for (let number = 0; number < known.length; number++) {
        const { name, value } = /** @type {{ name: string, value: any }} */ (known[number]);
        if (!is(read(owners[at], name), value)) return true;
      }
    }
    return false;
  };
}

/** What the code sees of an address is nobody's: a module that was given as bytes. @param {BlobPart} bytes */
export const addressOf = (bytes) => URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));

/**
 * Answers the frame: boots once, then runs one job after another.
 *
 * @param {(parts: any) => Promise<(job: any, emit: (kind: string, data: any) => void) =>
 *   Promise<{ ok: boolean, tests?: import("./protocol.js").TestResult[], spent?: boolean }>>} boot
 */
export function serve(boot) {
  /** @type {Promise<Awaited<ReturnType<typeof boot>>>} */
  let booted;
  addEventListener("message", async ({ data }) => {
    try {
      if (data.boot) {
        booted = boot(data.boot);
        await booted;
        send({ kind: "ready" });
      } else if (data.job) {
        const run = data.job.run;
        const perform = await booted;
        send({ kind: "running", run });
        const done = await perform(data.job, (kind, what) =>
          send({ kind: "output", run, output: { kind, data: what } }),
        );
        send({ kind: "done", run, ...done });
      }
    } catch (error) {
      send({ kind: "failed", message: String(/** @type {any} */ (error)?.message ?? error) });
    }
  });
}
