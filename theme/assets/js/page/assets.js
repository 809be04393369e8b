// Images and attachments that only a gated part uses: fetched and opened when the part stands in the page, as blob URLs.

import { fetchFile } from "../open.js";
import { openAsset } from "../vault/part.js";

/** @typedef {import("../open.js").Opened} Opened */

/** The blob URL of an asset, which `release` ends.
 * @param {Opened} opened @param {string} label @param {Set<string>} urls */
async function urlOf({ place, assets }, label, urls) {
  const asset = assets[label];
  const url = URL.createObjectURL(await openAsset(place, label, asset, await fetchFile(`payloads/${asset.name}.bin`)));
  urls.add(url);
  return { url, file: asset.file };
}

/**
 * Gives the sealed images in an element their pictures, and its sealed links their files at the first click.
 * `data-sealed-state` says `busy` or `failed` meanwhile.
 *
 * @param {Element} element
 * @param {Opened} opened
 * @returns {() => void} release: makes what was opened unreadable again
 */
export function attachAssets(element, opened) {
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

  for (const holder of /** @type {NodeListOf<HTMLImageElement>} */ (element.querySelectorAll("[data-sealed-src]"))) {
    attach(holder, holder.dataset.sealedSrc ?? "", ({ url }) => {
      holder.src = url;
    });
  }

  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (element.querySelectorAll("a[data-sealed-href]"))) {
    link.setAttribute("href", "#");
    link.addEventListener("click", function first(event) {
      event.preventDefault();
      event.stopPropagation();
      if (link.dataset.sealedState === "busy") return;
      attach(link, link.dataset.sealedHref ?? "", ({ url, file }) => {
        link.removeEventListener("click", first);
        link.href = url;
        link.download = file;
        link.click();
      });
    });
  }

  function release() {
    released = true;
    for (const url of urls) URL.revokeObjectURL(url);
    urls.clear();
  }
  return release;
}
