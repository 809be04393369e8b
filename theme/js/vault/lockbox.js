// What a token's holder has: docs/format.md, "Lockbox". Slots have no labels, so all of a shard are tried.

import { Refusal } from "../refusal.js";
import { fromUtf8, hex, lp, readU32, u32 } from "./bytes.js";
import { open } from "./seal.js";

/**
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {{ site: string, shard: number, shards: number }} Place
 * @typedef {{ active: boolean, entitlement: string, epoch: number, lastDay: number, key: Bytes }} Grant
 *   `entitlement` is the hexadecimal form of entitlementId; `lastDay` in days since 1970-01-01, 0 for no end
 * @typedef {{ name: string, grants: Grant[] }} Slot
 */

const [SALT, SLOTS, SLOT, TEXT, NAME, ENTRY] = [16, 64, 304, 256, 48, 49];

/** @param {Bytes} locator @param {number} shards */
export const shardOf = (locator, shards) => readU32(locator) % shards;

/** How a slot names an entitlement. @param {string} site @param {string} entitlement */
export async function entitlementId(site, entitlement) {
  const digest = await crypto.subtle.digest("SHA-256", lp("sb1/entitlement", site, entitlement));
  return hex(new Uint8Array(digest).subarray(0, 8));
}

/** @param {Bytes} text @returns {Slot} */
function readSlot(text) {
  const [version, length] = text;
  const count = text[2 + NAME];
  const used = 3 + NAME + count * ENTRY;
  const empty = [...text.subarray(2 + length, 2 + NAME), ...text.subarray(used)];
  const fits = text.length === TEXT && version === 1 && length <= NAME && count >= 1 && count <= 4;
  if (!fits || empty.some((byte) => byte)) throw new Refusal("damaged");
  const grants = Array.from({ length: count }, (_, index) => {
    const entry = text.subarray(3 + NAME + index * ENTRY, 3 + NAME + (index + 1) * ENTRY);
    const [state, key] = [entry[0], entry.subarray(17)];
    if ((state !== 1 && state !== 2) || (state === 2 && key.some((byte) => byte))) throw new Refusal("damaged");
    return {
      active: state === 1,
      entitlement: hex(entry.subarray(1, 9)),
      epoch: readU32(entry, 9),
      lastDay: readU32(entry, 13),
      key,
    };
  });
  return { name: fromUtf8(text.subarray(2, 2 + length)), grants };
}

/**
 * The slots of a shard that open under a token's key: none for a stranger or who was revoked.
 *
 * @param {Place} place
 * @param {CryptoKey} kek
 * @param {Bytes} file
 * @returns {Promise<Slot[]>}
 */
export async function openLockbox({ site, shard, shards }, kek, file) {
  if (file.length !== SALT + SLOTS * SLOT) throw new Refusal("damaged");
  const aad = lp(site, u32(shard), u32(shards), file.subarray(0, SALT));
  const tries = Array.from({ length: SLOTS }, (_, index) => {
    const at = SALT + index * SLOT;
    return open(kek, "lockbox", aad, file.subarray(at, at + SLOT)).catch((error) => {
      if (error instanceof Refusal) return null;
      throw error;
    });
  });
  return (await Promise.all(tries)).filter((text) => text !== null).map(readSlot);
}
