// A member's token and what is derived from it: docs/format.md, "Token".

import { Refusal } from "./refusal.js";

/** A CRC-32, as in zlib and PNG, in six base62 digits. @param {string} text */
function checksum(text) {
  let crc = -1;
  for (const letter of text) {
    crc ^= letter.charCodeAt(0);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 && 0xedb88320);
  }
  let digits = "";
  for (let rest = ~crc >>> 0; digits.length < 6; rest = Math.floor(rest / 62)) {
    const digit = rest % 62;
    digits = String.fromCharCode(digit + (digit < 10 ? 48 : digit < 36 ? 55 : 61)) + digits;
  }
  return digits;
}

/** @param {string} text */
const isToken = (text) => /^mbr_[0-9A-Za-z]{36}$/.test(text) && checksum(text.slice(0, 34)) === text.slice(34);

/** The token in a text: a link, a line of a mail, a token broken over lines. Refuses as mistyped. @param {string} text */
export function findToken(text) {
  const found = text
    .replace(/[\s\u00ad\u200b-\u200d\u2060\ufeff]/g, "")
    .match(/mbr_[0-9A-Za-z]{36}/g)
    ?.find(isToken);
  if (!found) throw new Refusal("mistyped");
  return found;
}

/** Where a token's lockbox lies, and the key that opens it. Refuses as mistyped. @param {string} token */
export async function derive(token) {
  if (!isToken(token)) throw new Refusal("mistyped");
  const { subtle } = crypto;
  const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
  const secret = await subtle.importKey("raw", bytes(token), "HKDF", false, ["deriveBits"]);
  const hkdf = (/** @type {string} */ info, /** @type {number} */ bits) =>
    subtle.deriveBits({ name: "HKDF", hash: "SHA-256", info: bytes(info), salt: new Uint8Array() }, secret, bits);
  const locator = new Uint8Array(await hkdf("sb1/locator", 64));
  const kek = await subtle.importKey("raw", await hkdf("sb1/lockbox", 256), "HKDF", false, ["deriveKey"]);
  return { locator, kek };
}
