// One run of a demo's JavaScript: what it prints, counted and joined to lines, and what it still waits for.

/**
 * `emit`      takes an output's kind and data, as Output in site_builder/demos/model.py
 * `evaluate`  runs a classic script in the realm's global scope, so that a later one finds its `const` and `let`; throws what it throws;
 *             it ends with a `sourceURL` comment, and is told its name where that counts for nothing
 * `input`     what `prompt()` reads, line by line
 * `files`     what `fetch("data.csv")` gives
 * `fetch`     for all other addresses, if the network is allowed
 * `signal`    stops the waiting for timers
 * `listen`    calls back with what was thrown or rejected where nobody caught it; returns how to stop that
 * `sources`   keep it, and hand it over again, for pieces that share a session: the code by the names that errors know it by
 *
 * @typedef {{ emit: (kind: string, data: any) => void, evaluate: (script: string, name: string) => unknown, input?: string,
 *   files?: Record<string, Uint8Array<ArrayBuffer>>, fetch?: typeof globalThis.fetch, signal?: AbortSignal,
 *   listen?: (report: (reason: unknown) => void) => () => void, sources?: Map<string, string> }} Host
 */

const CHARACTERS = 100_000;

export const native = {
  setTimeout: /** @type {(work: () => void, after?: number) => number} */ (globalThis.setTimeout.bind(globalThis)),
  clearTimeout: /** @type {(timer: number) => void} */ (globalThis.clearTimeout.bind(globalThis)),
  setInterval: /** @type {(work: () => void, after?: number) => number} */ (globalThis.setInterval.bind(globalThis)),
  clearInterval: /** @type {(timer: number) => void} */ (globalThis.clearInterval.bind(globalThis)),
  now: performance.now.bind(performance),
};

/** The code put out too much. */
class OutputLimit extends Error {
  name = "OutputLimit";
}

/** One run of some pieces of code: what they print, and what they still wait for. */
export class Run {
  printed = "";
  /** @type {{ reason: unknown } | null} */
  failure = null;
  indent = "";
  /** By which the code that runs is known. */
  file = "";
  /** @type {Map<number, () => void>} */
  #waiting = new Map();
  #last = 0;
  #kind = "";
  #text = "";
  #characters = 0;
  #sent = 0;
  #since = -Infinity;
  #wake = () => {};

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    this.lines = (host.input ?? "").split("\n");
    if (this.lines.at(-1) === "") this.lines.pop();
    this.sources = host.sources ?? new Map();
  }

  /** @param {"stdout" | "stderr"} kind @param {string} text with its line's end */
  print(kind, text) {
    if (kind !== this.#kind) this.flush();
    const room = CHARACTERS - this.#characters;
    const piece = text.slice(0, room);
    this.#kind = kind;
    this.#text += piece;
    this.#characters += piece.length;
    if (kind === "stdout") this.printed += piece;
    if (text.length > room) this.#overflow();
    // A program that prints little is followed line by line, one that prints much in larger pieces.
    const now = native.now();
    if (now - this.#since > 100) [this.#sent, this.#since] = [0, now];
    if (this.#sent < 20) this.flush();
  }

  /** @param {{ columns: string[], rows: (string | null)[][] }} table */
  table(table) {
    this.flush();
    this.#characters += JSON.stringify(table).length;
    if (this.#characters > CHARACTERS) this.#overflow();
    this.host.emit("table", table);
  }

  flush() {
    if (this.#text) {
      this.#sent++;
      this.host.emit(this.#kind, this.#text.toWellFormed());
    }
    this.#text = this.#kind = "";
  }

  #overflow() {
    this.flush();
    const error = new OutputLimit(`stopped: more than ${CHARACTERS.toLocaleString("en")} characters of output`);
    this.fail(error);
    throw error;
  }

  /** The first failure ends a run; the code may have caught it, as an endless print may. @param {unknown} reason */
  fail(reason) {
    if (this.failure) return;
    this.failure = { reason };
    for (const stop of this.#waiting.values()) stop();
    this.#waiting.clear();
    this.#wake();
  }

  /** @param {() => void} stop @returns {number} by which `done` knows it */
  wait(stop) {
    this.#waiting.set(++this.#last, stop);
    return this.#last;
  }

  /** @param {number} number */
  done(number) {
    this.#waiting.get(number)?.();
    this.#waiting.delete(number);
    if (!this.#waiting.size) this.#wake();
  }

  /** @template T @param {Promise<T>} promise the run lasts as long as this @returns {Promise<T>} */
  track(promise) {
    const number = this.wait(() => {});
    promise.then(
      () => this.done(number),
      () => this.done(number),
    );
    return promise;
  }

  /** @param {Function} work @param {unknown[]} values */
  call(work, values) {
    try {
      const result = work(...values);
      if (typeof result?.then === "function") this.track(Promise.resolve(result));
    } catch (error) {
      this.fail(error);
    }
  }

  /** Until nothing is waited for any more, or something failed. */
  async idle() {
    do {
      await turn();
      if (this.#waiting.size && !this.failure)
        await /** @type {Promise<void>} */ (new Promise((resolve) => (this.#wake = resolve)));
    } while (this.#waiting.size && !this.failure);
    await turn();
  }

  /** @param {Promise<unknown>} work @returns {Promise<void>} ends as soon as anything fails */
  async until(work) {
    if (this.failure) return;
    const failed = new Promise((resolve) => (this.#wake = () => this.failure && resolve(null)));
    await Promise.race([work, failed]);
  }
}

/** Timers and promises have had their turn. @returns {Promise<void>} */
const turn = () => new Promise((resolve) => native.setTimeout(resolve, 0));
