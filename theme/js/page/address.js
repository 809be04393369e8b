// The way to the unlock page and back: never to another site, and never with a token in it.

/** @typedef {{ base: string, unlock: string }} Site absolute URLs; `base` ends in / */

/** The unlock page, which will offer the way back. @param {string} address where from @param {Site} site */
export function unlockFrom(address, site) {
  const { pathname, search, hash } = new URL(address);
  const unlock = new URL(site.unlock);
  unlock.searchParams.set("next", pathname + search + hash);
  return unlock.href;
}

/** A page of this site other than the unlock page, from an address that anybody may have written; else null.
 * @param {string | null} address @param {Site} site */
export function ownPage(address, site) {
  const url = address ? URL.parse(address, site.base) : null;
  if (!url?.href.startsWith(site.base) || url.pathname === new URL(site.unlock).pathname) return null;
  if (/^#mbr(_|%5F)/i.test(url.hash)) url.hash = "";
  return url.href;
}
