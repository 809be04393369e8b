// Code in a link: packed into the fragment, which no server sees.

/** More than this is no demo, and may be a bomb: characters of code. */
export const MOST = 200_000;

/** @param {Uint8Array<ArrayBuffer>} bytes */
const toText = (bytes) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

/** @param {string} text */
const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));

/** Deflated (RFC 1951), then base64url (RFC 4648). @param {string} text */
export async function pack(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return toText(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** What `pack` was given; undefined if it is damaged, or longer than any demo. @param {string} packed */
export async function unpack(packed) {
  try {
    const stream = new Blob([toBytes(packed)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const reader = stream.getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      text += decoder.decode(value, { stream: !done });
      if (text.length > MOST) {
        reader.cancel().catch(() => {});
        return undefined;
      }
      if (done) return text;
    }
  } catch {
    return undefined;
  }
}

/** @param {string} page its address @param {string} id @param {string} packed */
export function linkTo(page, id, packed) {
  const url = new URL(page);
  url.hash = `demo-${encodeURIComponent(id)}${packed && `=${packed}`}`;
  return url.href;
}
