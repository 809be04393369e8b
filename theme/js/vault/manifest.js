// Where to look: docs/format.md, "Manifest". Not authenticated: whatever it says, only what opens counts.

import { Refusal } from "../refusal.js";
import { fromUtf8 } from "./bytes.js";

/**
 * @typedef {{ epoch: number, keyringShards: number, name: string }} Entitlement
 * @typedef {{ lockboxShards: number, entitlements: Map<string, Entitlement> }} Manifest
 */

/** @param {any} number @param {number} least */
const counts = (number, least) => Number.isInteger(number) && number >= least && number < 2 ** 32;

/**
 * Refuses as damaged what is not a manifest of this site in this format. Ids are checked since they become paths.
 *
 * @param {string} site
 * @param {Uint8Array} file
 * @returns {Manifest}
 */
export function readManifest(site, file) {
  try {
    const written = JSON.parse(fromUtf8(file));
    const entitlements = Object.entries(written.entitlements).map(([id, { epoch, keyring_shards, name }]) => {
      const fits = /^[a-z0-9][a-z0-9-]{0,31}$/.test(id) && counts(epoch, 0) && counts(keyring_shards, 1);
      if (!fits || typeof name !== "string") throw new Refusal("damaged");
      return /** @type {const} */ ([id, { epoch, keyringShards: keyring_shards, name }]);
    });
    if (written.format === 1 && written.site === site && counts(written.lockbox_shards, 1)) {
      return { lockboxShards: written.lockbox_shards, entitlements: new Map(entitlements) };
    }
  } catch {
    // Not JSON, or of another shape.
  }
  throw new Refusal("damaged");
}
