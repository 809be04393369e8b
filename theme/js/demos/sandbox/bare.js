// What every script of a live page begins with, and the policy that allows no other script: no Content-Security-Policy speaks of
// WebRTC, and each frame that a page puts into itself has it anew. Such a frame inherits the policy, so whatever runs there has
// taken WebRTC away first. Scripts that come later are blocked by it, too; the inmate runs those of the page in its own way.

const NAMES = ["RTCPeerConnection", "webkitRTCPeerConnection", "mozRTCPeerConnection", "WebTransport"];

/** Names nothing that the code behind it could give another meaning: its functions are there before anything runs.
 * @param {string} global */
const taking = (global) => `${NAMES.map((name) => `delete ${global}.${name};`).join("")}`;

/** For classic scripts, for modules, which have no `this`, and for handlers, whose `this` is an element. */
export const BARE = {
  script: taking("this"),
  module: `(0,eval)("${taking("this")}");`,
  handler: `(function(){${taking("this")}})();`,
};

/** Whether a text begins as one of BARE. @param {string} text */
export const isBare = (text) => Object.values(BARE).some((start) => text.startsWith(start));

/** What kind of script an element's type stands for; undefined for data. @param {string | null} type
 * @returns {"script" | "module" | undefined} */
export const kindOf = (type) =>
  /^module$/i.test(type ?? "") ? "module" : /^$|javascript$/i.test(type ?? "") ? "script" : undefined;

/** A policy under which nothing but these texts runs, and what they evaluate. @param {string[]} texts */
export async function policyFor(texts) {
  const hashes = texts.map(async (text) => {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
    return `'sha256-${btoa(String.fromCharCode(...digest))}'`;
  });
  const allowed = [...new Set(await Promise.all(hashes))];
  return `worker-src data:; script-src 'unsafe-eval' 'wasm-unsafe-eval' 'unsafe-hashes' ${allowed.join(" ")}`;
}
