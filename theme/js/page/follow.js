// What Material's inline scripts do for a page as it loads, done again for parts that open only after that.

/** Where the reader was taken last, as long as they have not scrolled themselves. */
let taken = 0;

/** As it is, if it is no address that a browser would write. @param {string} fragment */
function decoded(fragment) {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/** Goes where the address points, if that is in a gated part and the reader has not gone elsewhere. @param {Element} page */
export function followAddress(page) {
  const target = document.getElementById(decoded(location.hash.slice(1)));
  if (!target?.closest("premium-content") || !page.contains(target) || ![0, taken].includes(window.scrollY)) return;
  if (target instanceof HTMLInputElement) target.checked = true;
  target.scrollIntoView({ behavior: "instant" });
  taken = window.scrollY;
}

/** With linked tabs, chooses the ones that the reader has chosen elsewhere. @param {Element} page */
export function chooseTabs(page) {
  const { __md_get: stored } = /** @type {any} */ (globalThis);
  const settings = JSON.parse(document.getElementById("__config")?.textContent ?? "{}");
  const chosen = settings.features?.includes("content.tabs.link") && stored?.("__tabs");
  if (!Array.isArray(chosen)) return;
  for (const set of page.querySelectorAll("premium-content .tabbed-set")) {
    const labels = [...set.querySelectorAll(":scope > .tabbed-labels > label")];
    const wanted = chosen.flatMap((tab) => labels.filter((label) => label.textContent?.trim() === tab))[0];
    const input = wanted && document.getElementById(/** @type {HTMLLabelElement} */ (wanted).htmlFor);
    if (input instanceof HTMLInputElement) input.checked = true;
  }
}
