// What the buttons of a demo do. Loaded when one is pressed for the first time, or when there is a draft or a link's code to show.

import { beside } from "./beside.js";
import { carried, keyFor, store, stored } from "./data.js";
import { demoOf } from "./demo.js";
import { copied, showLink } from "./handing.js";
import { endSession } from "./running.js";
import { run } from "./runs.js";
import { linkTo, pack, unpack } from "./share.js";
import { toParts, toText } from "./panes.js";

/** @typedef {import("./demo.js").Demo} Demo */
/** @typedef {"run" | "check" | "stop" | "edit" | "reset" | "copy" | "share" | "auto"} Button */
/** @typedef {Button | "autorun" | "resume" | "escape" | "hint"} Act */

/** @type {Record<Act, (demo: Demo) => unknown>} */
const acts = {
  run: (demo) => run(demo, false),
  check: (demo) => run(demo, true),
  stop: (demo) => demo.stop(),
  edit,
  reset,
  copy,
  share,
  auto: toggleAutorun,
  autorun: runByItself,
  resume,
  escape,
  // The demo that is made for it sees for itself that one is open.
  hint: () => {},
};

/** @param {HTMLElement} host @param {Act} what */
export const act = (host, what) => void acts[what](demoOf(host));

/** @param {Demo} demo */
async function edit(demo) {
  if (demo.data.readonly || demo.panes.editing) return demo.panes.focus();
  demo.say(demo.words.opening);
  try {
    demo.panes.edit(await import(beside("editor.js")));
  } catch {
    return demo.say(demo.words.failed);
  }
  demo.say("");
  demo.offer();
  demo.panes.focus();
}

/** The author's code and output again, and a session that begins anew. @param {Demo} demo */
function reset(demo) {
  const { data, used } = demo;
  demo.stop();
  demo.versions.reset();
  demo.keep();
  demo.panes.leave();
  demo.show();
  demo.restore();
  // Where it could not be loaded, there is none.
  if (used) endSession(data).catch(() => {});
  if (carried(location.hash)?.id === data.id)
    history.replaceState(history.state, "", linkTo(location.href, data.id, ""));
  (demo.button("edit") ?? demo.button("run"))?.focus();
}

/** @param {Demo} demo */
async function copy(demo) {
  const done = await copied(demo.parts[demo.panes.chosen.part]);
  demo.say(done ? demo.words.copied : demo.words.notCopied);
}

/** @param {Demo} demo */
async function share(demo) {
  const own = demo.versions.shown !== "author";
  const link = linkTo(location.href, demo.data.id, own ? await pack(demo.versions.text) : "");
  if (await copied(link)) demo.say(demo.words.linkCopied);
  else if (demo.bar) showLink(demo.host, demo.bar, link);
}

/** Shows the code that came with the page's address, if that is for this demo. @param {Demo} demo */
async function resume(demo) {
  const link = carried(location.hash);
  if (link?.id !== demo.data.id || demo.data.readonly) return;
  demo.host.scrollIntoView({ block: "start", behavior: "instant" });
  const text = await unpack(link.packed);
  const parts = text === undefined ? undefined : toParts(demo.data, text);
  if (!parts) return demo.say(demo.words.foreignDamaged);
  demo.versions.arrive(toText(demo.data, parts));
  demo.show();
}

/** Stops what runs; where nothing does, leaves the code by the keyboard. @param {Demo} demo */
function escape(demo) {
  if (demo.current) demo.stop();
  else if (document.activeElement?.closest(".code-demo__editor")) demo.button("run")?.focus();
}

/** Demos that run by themselves do so one after another. */
let queue = Promise.resolve();

/** @param {Demo} demo */
function runByItself(demo) {
  queue = queue.then(async () => {
    const awaited = carried(location.hash)?.id === demo.data.id;
    if (demo.host.isConnected && !awaited && !demo.foreign && !demo.used) await run(demo, false);
  });
}

/** The reader agrees that the page's demos run by themselves, or does so no more. */
function toggleAutorun() {
  const agreed = !stored(keyFor("autorun"));
  store(keyFor("autorun"), agreed ? "yes" : null);
  for (const button of document.querySelectorAll("code-demo .code-demo__auto")) {
    button.ariaPressed = `${agreed}`;
    const host = button.closest("code-demo");
    if (agreed && host) runByItself(demoOf(/** @type {HTMLElement} */ (host)));
  }
}
