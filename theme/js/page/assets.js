// Images and attachments that only a gated part uses: fetched and opened when the part stands in the page, as blob URLs.

import { openFile } from "../open.js";

/** @typedef {import("../open.js").Opened} Opened */

/** The blob URL of an asset, which `release` ends.
 * @param {Opened} opened @param {string} label @param {Set<string>} urls */
async function urlOf(opened, label, urls) {
  const content = await openFile(opened, label);
  if (!(content instanceof Blob)) throw content;
  const url = URL.createObjectURL(content);
  urls.add(url);
  return { url, file: opened.assets[label].file };
}

/**
 * Gives sealed images their pictures, and sealed links their files at the first click. `data-sealed-state` says `busy` or
 * `failed` meanwhile.
 *
 * @param {Element[]} holders of `data-sealed-src` or `data-sealed-href`
 * @param {Opened} opened
 * @returns {() => void} release: makes what was opened unreadable again
 */
export function attachAssets(holders, opened) {
  /** @type {Set<string>} */
  const urls = new Set();
  let released = false;

  /** @param {HTMLElement} holder @param {string} label @param {(got: { url: string, file: string }) => void} use */
  async function attach(holder, label, use) {
    holder.dataset.sealedState = "busy";
    try {
      const got = await urlOf(opened, label, urls);
      if (released) release();
      else use(got);
      delete holder.dataset.sealedState;
    } catch {
      holder.dataset.sealedState = "failed";
    }
  }

  for (const holder of /** @type {HTMLElement[]} */ (holders)) {
    if (holder instanceof HTMLAnchorElement && holder.dataset.sealedHref) {
      holder.setAttribute("href", "#");
      holder.addEventListener("click", function first(event) {
        event.preventDefault();
        event.stopPropagation();
        if (holder.dataset.sealedState === "busy") return;
        attach(holder, holder.dataset.sealedHref ?? "", ({ url, file }) => {
          holder.removeEventListener("click", first);
          holder.href = url;
          holder.download = file;
          holder.click();
        });
      });
    } else attach(holder, holder.dataset.sealedSrc ?? "", ({ url }) => holder.setAttribute("src", url));
  }

  function release() {
    released = true;
    for (const url of urls) URL.revokeObjectURL(url);
    urls.clear();
  }
  return release;
}
