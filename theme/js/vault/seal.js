// Opening what the build sealed: docs/format.md, "Sealing". Works with keys that never leave WebCrypto.

import { Refusal } from "../refusal.js";
import { lp, utf8 } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

/** @param {string} info @param {Bytes} [salt] */
export const hkdf = (info, salt = new Uint8Array()) => ({ name: "HKDF", hash: "SHA-256", info: utf8(info), salt });

/** A 32-byte key in the only form that this site keeps: not extractable, good for deriving alone. @param {Bytes} raw */
export const importKey = (raw) => crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveKey"]);

/**
 * The text that was sealed. Refuses as damaged if one bit, the key, the kind or the context differs.
 *
 * @param {CryptoKey} key from importKey
 * @param {"part" | "asset" | "keyring" | "lockbox"} kind
 * @param {Bytes} aad
 * @param {Bytes} sealed
 * @returns {Promise<Bytes>}
 */
export async function open(key, kind, aad, sealed) {
  if (sealed.length < 48) throw new Refusal("damaged");
  const seal = sealed.subarray(0, 32);
  const aes = await crypto.subtle.deriveKey(hkdf("sb1/enc", seal), key, { name: "AES-GCM", length: 256 }, false, [
    "decrypt",
  ]);
  const gcm = { name: "AES-GCM", iv: new Uint8Array(12), additionalData: lp(kind, aad) };
  const text = await crypto.subtle.decrypt(gcm, aes, sealed.subarray(32)).then(
    (plain) => new Uint8Array(plain),
    () => Promise.reject(new Refusal("damaged")),
  );
  const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
  const mac = await crypto.subtle.deriveKey(hkdf("sb1/siv"), key, hmac, false, ["verify"]);
  // `verify` compares in constant time.
  if (!(await crypto.subtle.verify("HMAC", mac, seal, lp(kind, aad, text)))) throw new Refusal("damaged");
  return text;
}
