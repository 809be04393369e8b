// Bytes and their written forms, as docs/format.md has them under "Notation" and "Padding".

import { Refusal } from "../refusal.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @param {string} text */
export const utf8 = (text) => new TextEncoder().encode(text);

/** Refuses what is not UTF-8. @param {Uint8Array | ArrayBuffer} bytes */
export function fromUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal("damaged");
  }
}

/** @param {Bytes} bytes @returns {string} */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The big-endian u32 at an offset. @param {Bytes} bytes @param {number} [at] */
export const readU32 = (bytes, at = 0) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);

/** @param {number} number @returns {Bytes} */
export function u32(number) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

/** Each field as a u32 length and its bytes. @param {(Bytes | string)[]} fields @returns {Bytes} */
export function lp(...fields) {
  const raw = fields.map((field) => (typeof field === "string" ? utf8(field) : field));
  const joined = new Uint8Array(raw.reduce((length, field) => length + 4 + field.length, 0));
  let at = 0;
  for (const field of raw) {
    joined.set(u32(field.length), at);
    joined.set(field, at + 4);
    at += 4 + field.length;
  }
  return joined;
}

/** The body of a padded text. Refuses a length that does not fit and a filling that is not zero. @param {Bytes} padded */
export function unpad(padded) {
  const end = padded.length < 4 ? Infinity : 4 + readU32(padded);
  if (end > padded.length || padded.subarray(end).some((byte) => byte)) throw new Refusal("damaged");
  return padded.subarray(4, end);
}

/** Base64url without padding. Refuses other letters and spare bits that are not zero. @param {string} text */
export function fromB64u(text) {
  const spare = { 2: /[AQgw]$/, 3: /[AEIMQUYcgkosw048]$/ }[text.length % 4];
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1 || (spare && !spare.test(text))) throw new Refusal("damaged");
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}
