// A thread of its own for opening.js, so that unlocking need not wait for what the page's thread does, nor that for it. Says back
// to open.js, by the number of the call, what came of it.

import { begin, forget, openFile, openParts, whoIs } from "./opening.js";
import { Refusal } from "./refusal.js";

/** A Refusal would lose what it knows on the way. @param {unknown} value */
const packed = (value) => (value instanceof Refusal ? { refused: { ...value } } : { value });

/** @type {Record<string, (...given: any[]) => Promise<unknown>>} */
const acts = {
  openParts: async (session, wanted) => (await openParts(session, wanted)).map(packed),
  whoIs: async (session) => packed(await whoIs(session)),
  openFile: async (opened, label) => packed(await openFile(opened, label)),
};

/** @type {Promise<void>} */
let begun;

onmessage = async ({ data: [call, act, ...given] }) => {
  if (act === "begin") begun = begin(given[0]);
  else if (act === "forget") forget();
  else
    try {
      await begun;
      postMessage([call, await acts[act](...given)]);
    } catch (error) {
      // Nothing that is foreseen, but nobody shall wait for ever: open.js refuses when it hears of an error.
      reportError(error);
    }
};
