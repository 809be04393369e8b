// The bytes of a demo's data files: what its links lead to, fetched when it runs; in gated parts that is opened first.

/** A file that could not be read. */
export class FileFailed extends Error {}

/** @param {HTMLElement} host @param {string} name */
const linkTo = (host, name) =>
  [...host.querySelectorAll(".code-demo__files a")]
    .map((link) => /** @type {HTMLAnchorElement} */ (link))
    .find((link) => (link.textContent ?? "").trim() === name);

/** A sealed file is opened by a click on its link, which then clicks it again for the browser to save it. Both are held here.
 * @param {HTMLAnchorElement} link @returns {Promise<string>} its blob URL */
const unsealed = (link) =>
  new Promise((resolve, reject) => {
    if (link.protocol === "blob:") return resolve(link.href);
    const watch = new MutationObserver(() => {
      if (link.dataset.sealedState === "failed") end(() => reject(new Error("sealed")));
    });
    const hold = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (link.protocol === "blob:") end(() => resolve(link.href));
    };
    const end = (/** @type {() => void} */ settle) => {
      watch.disconnect();
      link.removeEventListener("click", hold);
      settle();
    };
    watch.observe(link, { attributeFilter: ["data-sealed-state"] });
    link.addEventListener("click", hold);
    link.click();
  });

/** @param {HTMLElement} host @param {string} name @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function fileOf(host, name) {
  try {
    const link = linkTo(host, name);
    if (!link) throw new Error("no link");
    const response = await fetch(link.dataset.sealedHref ? await unsealed(link) : link.href);
    if (!response.ok) throw new Error(response.statusText);
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new FileFailed(name);
  }
}
