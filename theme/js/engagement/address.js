// What may be told of addresses: where a page is and where its reader came from, never a fragment and never a token.

/** A member's token, as mail clients write it too; whatever leaves the browser is cleared of it. @param {string} text */
export const withoutTokens = (text) => text.replace(/mbr(_|%5f)[\da-z]{30,}/gi, "");

/** A page's path; of its query only what says which campaign led there. @param {{ pathname: string, search: string }} address */
export function pathOf({ pathname, search }) {
  const campaign = new URLSearchParams([...new URLSearchParams(search)].filter(([name]) => /^utm_/.test(name)));
  return `${pathname}${campaign.size ? `?${campaign}` : ""}`.slice(0, 2000);
}

/** The page of another site that led here, without its query; nothing if it is this site. @param {string} referrer
 * @param {string} origin this site's */
export const sourceOf = (referrer, origin) =>
  referrer.startsWith(`${origin}/`) ? undefined : referrer.replace(/[?#].*/, "").slice(0, 2000) || undefined;
