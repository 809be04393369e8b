// First in the head of every page, written into it: says where the site is, takes a token out of the address, and keeps what
// docs/format.md, "Token", derives from it. Where a member comes, asks at once for what opening will need.

(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const { base = ".", site, unlock = "", pricing = "", account = "", gated } = script.dataset;
  const root = new URL(base.replace(/\/*$/, "/"), document.baseURI).href;
  const absolute = (/** @type {string} */ path) => new URL(path, root).href;
  const name = `site-builder:${site}`;
  const arriving = /^#(mbr(?:_|%5F).*)/i;

  /** @param {string} code of a Refusal, which this script does not know @returns {never} */
  const refuse = (code) => {
    throw { code };
  };

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

  /** Where a token's lockbox lies, and the key that opens it. @param {string} token */
  async function derive(token) {
    if (!isToken(token)) refuse("mistyped");
    const { subtle } = crypto;
    const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
    const secret = await subtle.importKey("raw", bytes(token), "HKDF", false, ["deriveBits"]);
    const hkdf = (/** @type {string} */ info, /** @type {number} */ bits) =>
      subtle.deriveBits({ name: "HKDF", hash: "SHA-256", info: bytes(info), salt: new Uint8Array() }, secret, bits);
    const locator = new Uint8Array(await hkdf("sb1/locator", 64));
    const kek = await subtle.importKey("raw", await hkdf("sb1/lockbox", 256), "HKDF", false, ["deriveKey"]);
    return { locator, kek };
  }

  /** @returns {Promise<IDBDatabase>} */
  const openDatabase = () =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("session");
      request.onsuccess = () => resolve(request.result);
      request.onerror = reject;
    });

  /** Files of the vault that opening any part begins with. @param {any} session */
  function filesFor({ locator, hints }) {
    const shards = hints?.lockboxShards;
    const shard = new DataView(locator.buffer).getUint32(0) % shards;
    return shards ? ["manifest.json", `lockboxes/${shard}.bin`] : ["manifest.json"];
  }

  /**
   * The session that was there; in the same transaction `next` makes of it the one to keep. Refuses as no-storage. A mark in
   * localStorage says at once whether there is one, and what to ask for: who is no member gets no database.
   *
   * @param {(session: any) => any} [next]
   * @param {Promise<IDBDatabase>} [database] already being opened
   */
  async function exchange(next, database) {
    try {
      if (!next && !(name in localStorage)) return;
      const open = await (database ?? openDatabase());
      return await new Promise((resolve, reject) => {
        const transaction = open.transaction("session", next ? "readwrite" : "readonly");
        const store = transaction.objectStore("session");
        const read = store.get("member");
        read.onsuccess = () => {
          if (!next) return;
          const kept = next(read.result);
          if (kept) {
            store.put(kept, "member");
            localStorage[name] = JSON.stringify(filesFor(kept));
          } else {
            store.delete("member");
            localStorage.removeItem(name);
          }
        };
        transaction.oncomplete = () => resolve(read.result);
        transaction.onabort = reject;
      }).finally(() => open.close());
    } catch {
      return refuse("no-storage");
    }
  }

  /**
   * Keeps what the token in a text derives; true, and told to other tabs, if this is another member than before.
   *
   * @param {string} text a link, a line of a mail, a token broken over lines
   */
  async function keep(text) {
    if (self !== top) refuse("framed");
    if (!globalThis.crypto?.subtle) refuse("no-webcrypto");
    const found = text.replace(/[\s\u00ad\u200b-\u200d\u2060\ufeff]/g, "").match(/mbr_[0-9A-Za-z]{36}/g);
    const token = found?.find(isToken) ?? refuse("mistyped");
    const database = openDatabase();
    const session = { ...(await derive(token)), epochs: {} };
    const same = (/** @type {any} */ old) => String(old?.locator) === String(session.locator);
    const other = !same(await exchange((old) => (same(old) ? old : session), database));
    if (other) new BroadcastChannel(name).postMessage("unlocked");
    return other;
  }

  function takeToken() {
    // A mail client may have written the underscore as %5F, and other things after the token.
    const [, token] = arriving.exec(location.hash) ?? [];
    if (!token) return;
    const here = location.href.slice(0, -location.hash.length);
    history.replaceState(null, "", here);
    // Nothing else runs here. It leaves even for the same page, since this one's performance entries know the whole address.
    window.stop();
    keep(token.replace(/%5F/i, "_")).then(
      () => location.replace(here),
      ({ code }) => {
        const there = here.startsWith(absolute(unlock));
        const refused = new URL(there ? here : absolute(unlock));
        if (!there) refused.searchParams.set("next", location.pathname + location.search);
        refused.searchParams.set("refused", code);
        location.replace(refused);
      },
    );
  }

  const arrives = arriving.test(location.hash);
  let member = false;
  /** @type {Map<string, Promise<Response | undefined>>} */
  const ahead = new Map();
  try {
    const mark = arrives ? undefined : localStorage[name];
    member = mark !== undefined;
    for (const path of gated !== undefined && member ? JSON.parse(mark) : []) {
      const asked = fetch(`${root}vault/${path}`, { signal: AbortSignal.timeout(30_000) });
      ahead.set(
        path,
        asked.catch(() => undefined),
      );
    }
  } catch {
    // No storage, no member.
  }

  // Material takes up a page when it hears that it has been parsed. With a long text that takes longer than all of the
  // unlocking, so it hears of it when the text is there, or half a second later.
  let settled = gated === undefined || !member;
  let held = false;
  function settle() {
    settled = true;
    if (held) document.dispatchEvent(new Event("DOMContentLoaded", { bubbles: true }));
    held = false;
  }
  /** @param {Event} event */
  function hold(event) {
    if (settled) return;
    event.stopImmediatePropagation();
    held = true;
    setTimeout(settle, 500);
  }
  if (!settled) document.addEventListener("DOMContentLoaded", hold, { capture: true, once: true });

  Object.assign(globalThis, {
    siteBuilder: Object.freeze({
      site,
      base: root,
      unlock: absolute(unlock),
      pricing: absolute(pricing),
      account: absolute(account),
      session: member ? exchange().catch(() => undefined) : undefined,
      ahead,
      settle,
      derive,
      exchange,
      keep,
    }),
  });
  addEventListener("hashchange", takeToken);
  takeToken();

  // It begins to come now, not when the page has been parsed.
  if (!arrives) import(`${root}assets/js/main.js`).catch(() => {});
})();
