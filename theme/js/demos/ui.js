// What the buttons of a demo do. Loaded when one is pressed for the first time, or when there is a draft or a link's code to show.

import { demoOf } from "./demo.js";
import { keyFor, store, stored } from "./data.js";

/** @typedef {"run" | "check" | "stop" | "edit" | "reset" | "copy" | "share" | "auto" | "autorun" | "resume" | "escape"} Act */
/** @typedef {Exclude<Act, "autorun" | "resume" | "escape">} Button */

/** Demos that run by themselves do so one after another. */
let queue = Promise.resolve();

/** @param {HTMLElement} host */
function runByItself(host) {
  queue = queue.then(async () => {
    const demo = demoOf(host);
    if (host.isConnected && !demo.foreign && !demo.used) await demo.run(false);
  });
}

/** The reader agrees that the page's demos run by themselves, or does so no more. */
function toggleAutorun() {
  const agreed = !stored(keyFor("autorun"));
  store(keyFor("autorun"), agreed ? "yes" : null);
  for (const button of document.querySelectorAll("code-demo .code-demo__auto")) {
    button.ariaPressed = `${agreed}`;
    const host = button.closest("code-demo");
    if (agreed && host) runByItself(/** @type {HTMLElement} */ (host));
  }
}

/** @param {HTMLElement} host @param {Act} what */
export function act(host, what) {
  const demo = demoOf(host);
  switch (what) {
    case "run":
      return void demo.run(false);
    case "check":
      return void demo.run(true);
    case "stop":
      return demo.stop();
    case "edit":
      return void demo.edit();
    case "reset":
      return demo.reset();
    case "copy":
      return void demo.copy();
    case "share":
      return void demo.share();
    case "auto":
      return toggleAutorun();
    case "autorun":
      return runByItself(host);
    case "resume":
      return void demo.resume();
    case "escape":
      return demo.escape();
  }
}
