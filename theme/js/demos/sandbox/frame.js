// Inside the sandbox's frame, which sandbox.html made empty: starts and ends the workers that run code, and passes on what they say.
// It runs no reader's code itself, so it always hears the page, and counts what comes out of a worker.

import { LIMITS, sizeOf } from "./protocol.js";

/** @typedef {{ worker: Worker, messages: number, characters: number }} Seat */

const port = /** @type {MessagePort} */ (/** @type {any} */ (globalThis).port);
/** @type {Map<number, Seat>} */
const seats = new Map();
/** What the workers of a runtime begin with. @type {Map<string, { source: string, type: WorkerType, parts: Promise<any> }>} */
const stocks = new Map();

/** @param {number} id @param {unknown} said */
const tell = (id, said) => port.postMessage({ id, said });

/** @param {number} id */
function end(id) {
  seats.get(id)?.worker.terminate();
  seats.delete(id);
}

/** WebAssembly is compiled once for all workers. @param {Record<string, any>} parts */
async function compiled(parts) {
  const entries = Object.entries(parts).map(async ([name, part]) => [
    name,
    name.endsWith(".wasm") ? await WebAssembly.compile(part) : part,
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

/** @type {Record<string, (order: any) => void>} */
const acts = {
  /** How workers called `name` are made. */
  stock: ({ name, source, type, parts }) => stocks.set(name, { source, type, parts: compiled(parts) }),

  async spawn({ id, name }) {
    const stock = stocks.get(name);
    if (!stock) return;
    const worker = new Worker(`data:text/javascript,${encodeURIComponent(stock.source)}`, { type: stock.type });
    const seat = { worker, messages: 0, characters: 0 };
    seats.set(id, seat);
    worker.onmessage = ({ data }) => {
      if (!seats.has(id)) return;
      seat.messages += 1;
      seat.characters += sizeOf(data);
      if (seat.messages <= LIMITS.messages && seat.characters <= LIMITS.characters) return tell(id, data);
      end(id);
      tell(id, { kind: "flood" });
    };
    worker.onerror = (event) => {
      event.preventDefault();
      tell(id, { kind: "failed", message: String(event.message ?? "the worker did not start") });
    };
    try {
      worker.postMessage({ boot: await stock.parts });
    } catch (error) {
      tell(id, { kind: "failed", message: String(error) });
    }
  },

  /** Begins a run, of which there is one at a time. */
  run({ id, job }) {
    const seat = seats.get(id);
    if (!seat) return;
    seat.messages = seat.characters = 0;
    seat.worker.postMessage({ job });
  },

  end: ({ id }) => end(id),
  ping: ({ number }) => port.postMessage({ pong: number }),
};

port.onmessage = ({ data }) => acts[data.act]?.(data);
port.postMessage({ ready: true });
