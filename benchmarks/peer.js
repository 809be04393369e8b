// What password schemes do in the reader's browser: a slow key from the password, then the text that stands in the page.

const sealed = document.querySelector("[data-sealed]");
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const password = new TextEncoder().encode(decodeURIComponent(location.hash.slice(1)));
const material = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveKey"]);
const key = await crypto.subtle.deriveKey(
  { name: "PBKDF2", hash: "SHA-256", salt: bytes(sealed.dataset.salt), iterations: Number(sealed.dataset.rounds) },
  material,
  { name: "AES-GCM", length: 256 },
  false,
  ["decrypt"],
);
const nonce = { name: "AES-GCM", iv: bytes(sealed.dataset.nonce) };
const text = await crypto.subtle.decrypt(nonce, key, bytes(sealed.textContent));
sealed.innerHTML = new TextDecoder().decode(text);
sealed.hidden = false;
