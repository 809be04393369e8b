// Where members' feeds stand: docs/format.md, "Members' feed". Their addresses are secrets that nothing published names.

import { hex, lp, u32 } from "./bytes.js";
import { hkdf, importKey } from "./seal.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

/** @param {CryptoKey} key from importKey @param {Bytes} info */
async function folder(key, info) {
  const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
  const derived = await crypto.subtle.deriveKey({ ...hkdf(""), info }, key, hmac, true, ["sign"]);
  return `feeds/m/${hex(new Uint8Array(await crypto.subtle.exportKey("raw", derived)).subarray(0, 20))}`;
}

/**
 * The folder of the feed that all holders of an entitlement read during one epoch, from the site's root.
 *
 * @param {string} site
 * @param {{ id: string, epoch: number, key: Bytes }} holding an active one
 */
export const entitlementFeed = async (site, { id, epoch, key }) =>
  folder(await importKey(key), lp("sb1/feed", site, id, u32(epoch)));

/** The folder of a member's own feed. @param {string} site @param {CryptoKey} kek */
export const memberFeed = (site, kek) => folder(kek, lp("sb1/member-feed", site));
