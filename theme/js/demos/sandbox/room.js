// The page's side of one sandbox: a hidden frame of an origin of its own, which can do nothing but answer through one port.

/** @typedef {(said: any) => void} Hear */

export const LOADING = 30_000;
const BEAT = 1_000;
/** So many beats without an answer, and the frame's process is taken for dead. */
const MISSED = 8;

export class Room {
  #beats = { sent: 0, heard: 0, timer: 0, watchers: 0 };
  /** @type {Map<number, Hear>} */
  #hearers = new Map();
  #port;
  #frame;
  gone = false;

  /** @param {HTMLIFrameElement} frame @param {MessagePort} port */
  constructor(frame, port) {
    this.#frame = frame;
    this.#port = port;
    port.onmessage = ({ data }) => {
      if (typeof data?.pong === "number") this.#beats.heard = data.pong;
      else if (typeof data?.id === "number") this.#hearers.get(data.id)?.(data.said);
    };
  }

  /** Whether it can still be used: a page's scripts may have thrown its frame out. */
  get alive() {
    return !this.gone && this.#frame.isConnected;
  }

  /** @param {Record<string, any>} order @param {Transferable[]} [given] */
  say(order, given = []) {
    this.#port.postMessage(order, given);
  }

  /** @param {number} id of a worker @param {Hear} hear */
  listen(id, hear) {
    this.#hearers.set(id, hear);
  }

  /** @param {number} id */
  forget(id) {
    this.#hearers.delete(id);
    if (!this.gone) this.say({ act: "end", id });
  }

  /** Looks after the frame while something runs in it; gives what ends that. @returns {() => void} */
  watch() {
    const beats = this.#beats;
    if (!beats.watchers++) {
      beats.heard = beats.sent;
      beats.timer = setInterval(() => {
        if (beats.sent - beats.heard >= MISSED || !this.alive) this.close();
        else this.say({ act: "ping", number: ++beats.sent });
      }, BEAT);
    }
    let watching = true;
    return () => {
      if (watching && !--beats.watchers) clearInterval(beats.timer);
      watching = false;
    };
  }

  /** Throws the frame away with all that runs in it. */
  close() {
    if (this.gone) return;
    this.gone = true;
    clearInterval(this.#beats.timer);
    this.#frame.remove();
    this.#port.close();
    for (const hear of this.#hearers.values()) hear({ kind: "failed", message: "the sandbox is gone" });
    this.#hearers.clear();
  }
}

/**
 * Sets up a frame of an origin of its own. Each time that it is loaded, its inmate's script is handed over.
 *
 * @param {HTMLIFrameElement} frame not yet in the document
 * @param {string} address of sandbox.html
 * @param {string | Promise<string>} script what is to run inside; it finds its port as `port`
 * @param {(port: MessagePort) => void} onReady once the script has said that it is ready
 * @param {string} [also] further sandbox flags
 */
export function furnish(frame, address, script, onReady, also = "") {
  frame.setAttribute("sandbox", `allow-scripts ${also}`.trim());
  frame.referrerPolicy = "no-referrer";
  frame.src = address;
  // Where it could not be fetched, whoever has asked for it says so.
  const inmate = Promise.resolve(script).catch(() => undefined);
  frame.addEventListener("load", async () => {
    if (frame.src !== address) return;
    const text = await inmate;
    if (text === undefined) return;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => data?.ready && onReady(port1);
    // An opaque origin can be addressed by "*" only; that nobody else gets it, the browser sees to: it is this window's frame.
    frame.contentWindow?.postMessage(text, "*", [port2]);
  });
}

/** @param {string} address @param {string} script @returns {Promise<Room>} */
export async function openRoom(address, script) {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.setAttribute("aria-hidden", "true");
  const { promise, resolve, reject } = Promise.withResolvers();
  const late = setTimeout(() => reject(new Error("the sandbox did not load")), LOADING);
  furnish(frame, address, script, resolve);
  document.documentElement.append(frame);
  try {
    return new Room(frame, await promise);
  } catch (error) {
    frame.remove();
    throw error;
  } finally {
    clearTimeout(late);
  }
}
