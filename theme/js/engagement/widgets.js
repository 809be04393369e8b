// What readers can press below an article: reactions, whether it helped, and passing it on.

import { parsed } from "../site.js";

/** Who has pressed what, by page: it can be pressed once. @type {Map<string, Set<string>>} */
const pressed = new Map();

/** @param {string} name @param {Record<string, unknown>} props */
const tell = (name, props) => document.dispatchEvent(new CustomEvent("site-builder:hook", { detail: { name, props } }));

/** @param {HTMLElement} row of buttons that tell of themselves @param {Set<string>} before */
function takeReactions(row, before) {
  const status = /** @type {HTMLElement} */ (row.querySelector("[role=status]"));
  for (const button of row.querySelectorAll("button")) {
    const { kind = "" } = button.dataset;
    const press = () => {
      before.add(kind);
      // It keeps the focus, but from now on there is nothing to tell.
      button.ariaDisabled = "true";
      delete button.dataset.hook;
    };
    if (before.has(kind)) press();
    else
      button.addEventListener(
        "click",
        () => {
          press();
          status.textContent = status.dataset.thanks ?? "";
        },
        { once: true },
      );
  }
}

/** A judgement waits for its words until its reader turns to something else: it is told once. @param {HTMLFormElement} form
 * @param {Set<string>} before */
function takeFeedback(form, before) {
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (form.querySelectorAll("[data-helpful]"));
  const why = /** @type {HTMLElement} */ (form.querySelector(".engagement__why"));
  const status = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));
  const words = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
  const leaving = new AbortController();
  /** @type {string | undefined} */
  let helpful;

  function finish() {
    if (helpful === undefined) return;
    const text = words.value.trim().slice(0, 1000);
    tell("feedback", { helpful: helpful === "true", ...(text && { text }) });
    helpful = undefined;
    before.add("feedback");
    end();
  }
  function end() {
    leaving.abort();
    why.hidden = true;
    for (const button of buttons) button.disabled = true;
    status.textContent = status.dataset.thanks ?? "";
  }

  if (before.has("feedback")) return end();
  for (const button of buttons)
    button.addEventListener("click", () => {
      helpful = button.dataset.helpful;
      for (const other of buttons) other.ariaPressed = `${other === button}`;
      why.hidden = false;
    });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    finish();
    status.tabIndex = -1;
    status.focus();
  });
  // Before the page is left, in any of these ways.
  const away = { capture: true, signal: leaving.signal };
  addEventListener("click", ({ target }) => form.contains(/** @type {Node} */ (target)) || finish(), away);
  for (const type of ["popstate", "pagehide"]) addEventListener(type, finish, away);
  addEventListener("visibilitychange", () => document.hidden && finish(), away);
}

/** @param {HTMLButtonElement} button */
function takeShare(button) {
  const { to, copied = "" } = button.dataset;
  const url = location.origin + location.pathname;
  button.hidden = to === "native" && !navigator.share;
  button.addEventListener("click", async () => {
    if (to === "native") return navigator.share({ title: document.title, url }).catch(() => {});
    const before = button.textContent;
    await navigator.clipboard?.writeText(url).then(
      () => (button.textContent = copied),
      () => {},
    );
    button.addEventListener("blur", () => (button.textContent = before), { once: true });
  });
}

/** @type {WeakSet<Element>} */
const dressed = new WeakSet();

/**
 * Shows what only a script can do.
 *
 * @param {HTMLElement} element
 * @param {boolean} counted whether its reader may be counted; who is not has nothing to say that would be heard
 */
export async function dress(element, counted) {
  await parsed;
  const page = location.pathname;
  const before = pressed.get(page) ?? new Set();
  pressed.set(page, before);
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll("[data-script]"))) {
    const shares = part instanceof HTMLButtonElement;
    if (dressed.has(part) || !(shares || counted)) continue;
    dressed.add(part);
    part.hidden = false;
    if (shares) takeShare(part);
    else if (part instanceof HTMLFormElement) takeFeedback(part, before);
    else takeReactions(part, before);
  }
}
