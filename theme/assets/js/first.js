// First in the head of every page, a classic script that needs no other: says where the site is, takes a token out of the
// address, and keeps what docs/format.md, "Token", derives from it.

(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const { base = ".", site, unlock = "", pricing = "", account = "" } = script.dataset;
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

  /**
   * The session that was there; in the same transaction `next` makes of it the one to keep. Refuses as no-storage. A mark in
   * localStorage says at once whether there is one: who is no member gets no database.
   *
   * @param {(session: any) => any} [next]
   */
  async function exchange(next) {
    try {
      if (!next && !(name in localStorage)) return;
      const open = await new Promise((resolve, reject) => {
        const request = indexedDB.open(name, 1);
        request.onupgradeneeded = () => request.result.createObjectStore("session");
        request.onsuccess = () => resolve(request.result);
        request.onerror = reject;
      });
      return await new Promise((resolve, reject) => {
        const transaction = open.transaction("session", next ? "readwrite" : "readonly");
        const store = transaction.objectStore("session");
        const read = store.get("member");
        read.onsuccess = () => {
          if (!next) return;
          const kept = next(read.result);
          if (kept) {
            store.put(kept, "member");
            localStorage[name] = "member";
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
    const session = { ...(await derive(found?.find(isToken) ?? "")), epochs: {} };
    const same = (/** @type {any} */ old) => String(old?.locator) === String(session.locator);
    const other = !same(await exchange((old) => (same(old) ? old : session)));
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
  try {
    member = !arrives && name in localStorage;
  } catch {
    // No storage, no member.
  }
  Object.assign(globalThis, {
    siteBuilder: Object.freeze({
      site,
      base: root,
      unlock: absolute(unlock),
      pricing: absolute(pricing),
      account: absolute(account),
      session: member ? exchange().catch(() => undefined) : undefined,
      derive,
      exchange,
      keep,
    }),
  });
  addEventListener("hashchange", takeToken);
  takeToken();

  // Modules begin now, not when the page has been parsed.
  const start = (/** @type {string} */ path) => import(new URL(path, script.src).href).catch(() => {});
  if (!arrives) start("main.js");
  if (member) start("page/reader.js");
})();
