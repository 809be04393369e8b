// The addresses of a member's feeds, for the account page: shown where the site publishes them, which its element says.

import { button, h } from "../page/markup.js";
import { site } from "../site.js";
import { entitlementFeed, memberFeed } from "../vault/feed.js";
import { wordsFor } from "../words.js";

/** @typedef {import("../refusal.js").Holding} Holding */

/**
 * The folders of the feeds that a member may read, each with the name of what it is for; none where there are none.
 *
 * @param {string | undefined} kind `tier`, `member`, or nothing
 * @param {import("../session.js").Session} session
 * @param {Holding[]} active
 * @returns {Promise<[name: string, folder: string][]>}
 */
async function foldersOf(kind, session, active) {
  if (kind === "member" && active.length) return [["", await memberFeed(site.site, session.kek)]];
  if (kind !== "tier") return [];
  return Promise.all(active.map(async (holding) => [holding.name, await entitlementFeed(site.site, holding)]));
}

/**
 * What the account page says of feeds: an address for each, what it is worth, and until when.
 *
 * @param {HTMLElement} host with `data-feeds` and `data-feed-file` where the site publishes members' feeds
 * @param {import("../session.js").Session} session
 * @param {Holding[]} holdings
 * @returns {Promise<HTMLElement[]>}
 */
export async function feedsOf(host, session, holdings) {
  const words = wordsFor(host).feeds;
  const { feeds: kind, feedFile: file = "rss.xml" } = host.dataset;
  const folders = await foldersOf(
    kind,
    session,
    holdings.filter(({ active }) => active),
  );
  if (!folders.length) return [];
  const lines = folders.map(([name, folder], index) => {
    const address = h("input", "membership__address");
    const value = `${site.base}${folder}/${file}`;
    Object.assign(address, { id: `feed-${index}`, readOnly: true, autocomplete: "off", spellcheck: false, value });
    address.ariaLabel = name ? `${words.label}: ${name}` : words.label;
    address.addEventListener("focus", () => address.select());
    const copy = button(words.copy, async () => {
      address.select();
      // Where the clipboard is out of reach, the address is selected, for the keyboard to copy.
      const copied = await navigator.clipboard?.writeText(address.value).then(
        () => true,
        () => false,
      );
      if (copied) copy.textContent = words.copied;
    });
    const label = h("label", "", name);
    label.id = `feed-${index}-of`;
    label.htmlFor = address.id;
    copy.setAttribute("aria-describedby", label.id);
    return h("div", "membership__feed", ...(name ? [label] : []), h("div", "membership__row", address, copy));
  });
  const ends = kind === "tier" ? words.tier : words.member;
  return [
    h("p", "membership__label", words.label),
    h("p", "", words.hint),
    ...lines,
    h("p", "membership__secret", `${words.secret} ${ends}`),
  ];
}
