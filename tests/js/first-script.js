// first.js belongs first in a page: run here, as `make theme` has joined it, in a world with just what it touches as it starts.

import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";

const source = readFileSync(new URL("../../theme/first.js", import.meta.url), "utf8");

/** What the script leaves behind for a page at `address` of a site whose base is `base`, relative to it. */
export function firstScript(site, { address = "https://example.com/blog/", base = ".." } = {}) {
  const script = {
    dataset: { site, base, unlock: "unlock/", pricing: "membership/", account: "account/" },
    src: `${address}first.js`,
  };
  const world = {
    document: { currentScript: script, baseURI: address },
    location: new URL(address),
    addEventListener() {},
    crypto,
    TextEncoder,
    URL,
  };
  runInContext(source, createContext(world));
  return world.siteBuilder;
}
