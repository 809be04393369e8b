// Material would fetch Mermaid from a CDN as soon as a page has a diagram; this stands in and loads the site's own copy then.

import { site } from "./site.js";

const world = /** @type {any} */ (globalThis);
let settings = {};

/** @type {Promise<void> | undefined} */
let loading;

/** The real one takes this one's place in the global scope. @returns {Promise<void>} */
const load = () =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${site.base}assets/vendor/mermaid.min.js`;
    script.onload = () => resolve(world.mermaid.initialize(settings));
    script.onerror = () => {
      loading = undefined;
      reject(new Error("Mermaid could not be loaded"));
    };
    document.head.append(script);
  });

world.mermaid ??= {
  /** @param {object} given */
  initialize(given) {
    settings = given;
  },
  /** @param {unknown[]} diagram */
  async render(...diagram) {
    loading ??= load();
    await loading;
    return world.mermaid.render(...diagram);
  },
};
