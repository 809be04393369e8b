// The page's side of an HTML demo: a frame to be shown, which is furnished each time that it comes into the document.

import { fetchAll } from "./fetching.js";
import { outputFrom, sizeOf } from "./protocol.js";
import { furnish, LOADING } from "./room.js";

/**
 * @typedef {{ html: string, css: string, script: string, net: boolean, base: string, height: number }} Page
 *   `height`: in lines; 0: as high as it would like to be
 */

const LINE = 22;
const HIGHEST = 600;
const BEAT = 1_000;
const MISSED = 6;
/** Of all outputs of one page, so that one that prints without end does not fill this one. */
const ENOUGH = { messages: 2_000, characters: 1_000_000 };

/** @param {Page} page @param {string} room @returns {Promise<[string, string]>} what runs in the frame, and in the frame within that */
async function scripts({ base }, room) {
  const addresses = ["live", "inmate"].map((name) => `${base}assets/demos/sandbox/${name}.js`);
  // The room too, since a frame does not tell whether it was found.
  const [live, inmate] = await fetchAll([...addresses, room], "", () => {});
  return [new TextDecoder().decode(live), new TextDecoder().decode(inmate)];
}

/**
 * Makes the frame of an HTML demo.
 *
 * @param {Page} page
 * @param {{ onOutput(output: import("../runtime.js").Output): void }} hooks
 * @returns {{ element: HTMLIFrameElement, ready: Promise<unknown>, remove(): void }} `ready`: once the page is in it; fails if
 *   something can't be fetched
 */
export function livePage(page, { onOutput }) {
  const { html, css, script, net, base, height } = page;
  const element = document.createElement("iframe");
  const address = `${base}assets/demos/sandbox${net ? "-net" : ""}.html`;
  const loaded = scripts(page, address);
  const { promise: ready, resolve, reject } = Promise.withResolvers();
  loaded.catch(reject);
  const late = setTimeout(() => reject(new Error("the sandbox did not load")), LOADING);
  element.style.cssText = `display:block;width:100%;border:0;height:${(height || 8) * LINE}px`;
  let beat = 0;
  let left = { ...ENOUGH };
  const stop = (/** @type {string} */ why) => {
    clearInterval(beat);
    // Away from the process that does not answer.
    element.src = "about:blank";
    onOutput({ kind: "error", data: { type: "Stopped", text: `stopped: ${why}`, line: null } });
  };

  /** @param {MessagePort} port */
  const live = async (port) => {
    let [sent, heard] = [0, 0];
    left = { ...ENOUGH };
    port.onmessage = ({ data }) => {
      if (typeof data?.pong === "number") heard = data.pong;
      const output = outputFrom(data?.output);
      left.messages -= 1;
      left.characters -= output ? sizeOf(output.data) : 0;
      if (left.messages < 0 || left.characters < 0) {
        port.close();
        stop("the page put out too much");
      } else if (output) onOutput(output);
      else if (!height && Number.isFinite(data?.height))
        element.style.height = `${Math.min(Math.max(data.height, 2 * LINE), HIGHEST)}px`;
    };
    const [, inmate] = await loaded;
    port.postMessage({ show: { html, css, script, inmate } });
    clearTimeout(late);
    resolve(undefined);
    clearInterval(beat);
    beat = setInterval(() => {
      if (!element.isConnected) return clearInterval(beat);
      if (document.hidden) heard = sent;
      if (sent - heard >= MISSED) return stop(`the page did not answer for ${MISSED} seconds`);
      port.postMessage({ ping: ++sent });
    }, BEAT);
  };
  furnish(
    element,
    address,
    loaded.then(([frame]) => frame),
    live,
    "allow-forms",
  );
  return {
    element,
    ready,
    remove() {
      clearTimeout(late);
      clearInterval(beat);
      element.remove();
    },
  };
}
