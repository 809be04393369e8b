// The membership token: docs/format.md, "Token". Its text lives only here, from reading to deriving.

import { Refusal } from "../refusal.js";
import { base62, crc32, utf8 } from "./bytes.js";
import { hkdf, importKey } from "./seal.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

/** Whether the text is a token: 40 characters, and the checksum fits. @param {string} text */
export const isToken = (text) =>
  /^mbr_[0-9A-Za-z]{36}$/.test(text) && base62(crc32(utf8(text.slice(0, 34))), 6) === text.slice(34);

/** The token in what somebody pasted: a link, a line of a mail, a token broken over lines. Refuses as mistyped. @param {string} text */
export function findToken(text) {
  const found = text.replace(/[\s\u00ad\u200b-\u200d\u2060\ufeff]/g, "").match(/mbr_[0-9A-Za-z]{36}/g);
  const token = found?.find(isToken);
  if (!token) throw new Refusal("mistyped");
  return token;
}

/**
 * What a browser keeps of a token: where its lockbox lies, and the key that opens it.
 *
 * @param {string} token
 * @returns {Promise<{ locator: Bytes, kek: CryptoKey }>}
 */
export async function derive(token) {
  if (!isToken(token)) throw new Refusal("mistyped");
  const secret = await crypto.subtle.importKey("raw", utf8(token), "HKDF", false, ["deriveBits"]);
  const [locator, kek] = await Promise.all(
    ["sb1/locator", "sb1/lockbox"].map((info) => crypto.subtle.deriveBits(hkdf(info), secret, 256)),
  );
  // A copy: storing a view would store all 32 bytes behind it.
  return { locator: new Uint8Array(locator.slice(0, 8)), kek: await importKey(new Uint8Array(kek)) };
}
