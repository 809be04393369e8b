// A gated part and its images and attachments: docs/format.md, "Part". The last step of unlocking.

import { Refusal } from "../refusal.js";
import { fromB64u, lp, unpad } from "./bytes.js";
import { importKey, open } from "./seal.js";

/**
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {{ site: string, part: string, entitlements: string[] }} Place where a part belongs; all of it is sealed in
 * @typedef {{ id: string, title: string, level: number }} Heading
 * @typedef {{ name: string, key: string, type: string, file: string }} Asset
 * @typedef {{ html: string, toc: Heading[], assets: Record<string, Asset> }} Body
 */

const INFLATED_LIMIT = 64 * 1024 * 1024;

/** The text in raw DEFLATE (RFC 1951), up to the limit. @param {Bytes} deflated */
async function inflate(deflated) {
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const reader = readable.getReader();
  const writer = writable.getWriter();
  // Written directly: a Blob's stream would go through another process. What fails here shows in what is read.
  writer.write(deflated).catch(() => {});
  writer.close().catch(() => {});
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  for (let length = 0; length <= INFLATED_LIMIT;) {
    const { done, value } = await reader.read();
    if (done) return text + utf8.decode();
    text += utf8.decode(value, { stream: true });
    length += value.length;
  }
  reader.cancel().catch(() => {});
  throw new Refusal("damaged");
}

/** @param {any} body @returns {body is Body} */
const isBody = (body) =>
  typeof body?.html === "string" &&
  Array.isArray(body.toc) &&
  body.toc.every(
    (/** @type {any} */ heading) =>
      typeof heading?.id === "string" && typeof heading.title === "string" && Number.isInteger(heading.level),
  ) &&
  typeof body.assets === "object" &&
  Object.values(body.assets ?? { none: 0 }).every(
    (asset) =>
      /^[0-9a-f]{32}$/.test(asset?.name) &&
      [asset.key, asset.type, asset.file].every((text) => typeof text === "string"),
  );

/**
 * What the part says. Refuses as damaged what does not open, is not of this place, or is not a part's body.
 *
 * @param {Place} place
 * @param {Bytes} key the part's content key
 * @param {Bytes} file
 * @returns {Promise<Body>}
 */
export async function openPart({ site, part, entitlements }, key, file) {
  const aad = lp(site, part, lp(...entitlements.toSorted()));
  const deflated = unpad(await open(await importKey(key), "part", aad, file));
  try {
    const body = JSON.parse(await inflate(deflated));
    if (isBody(body)) return body;
  } catch {
    // DEFLATE or JSON that does not read: as damaged as a body of another shape.
  }
  throw new Refusal("damaged");
}

/**
 * The bytes of an image or attachment, as a Blob of its type.
 *
 * @param {Place} place of the part it belongs to
 * @param {string} label its key in the body's assets
 * @param {Asset} asset
 * @param {Bytes} file
 */
export async function openAsset({ site, part, entitlements }, label, asset, file) {
  const aad = lp(site, `${part}/${label}`, lp(...entitlements.toSorted()));
  const key = fromB64u(asset.key);
  if (key.length !== 32) throw new Refusal("damaged");
  return new Blob([unpad(await open(await importKey(key), "asset", aad, file))], { type: asset.type });
}
