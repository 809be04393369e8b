// <unlock-form>: takes a pasted token, and says who somebody is who has just followed a link.
// `state` is `empty`, `checking`, `open` or `refused`; refused ones say why in `data-refusal`.

import { forgetVault, whoIs } from "../open.js";
import { ownPage } from "../page/address.js";
import { button, buttonLink, h } from "../page/markup.js";
import { refuse } from "../page/notice.js";
import { Refusal } from "../refusal.js";
import { keep, load, onChange } from "../session.js";
import { site } from "../site.js";
import { holdingFor, wordsFor } from "../words.js";

/** @type {Set<import("../refusal.js").Code>} refusals that first.js sends here, by the address */
const BY_ADDRESS = new Set(["mistyped", "no-webcrypto", "framed", "no-storage", "network"]);

/** @param {HTMLElement} host */
export function mountUnlockForm(host) {
  const words = wordsFor(host);
  const query = new URLSearchParams(location.search);
  const back = ownPage(query.get("next"), site) ?? ownPage(document.referrer, site);

  const input = h("input", "unlock-form__token");
  Object.assign(input, { id: "unlock-token", name: "token", autocomplete: "off", spellcheck: false, required: true });
  input.setAttribute("autocapitalize", "none");
  input.setAttribute("aria-describedby", "unlock-hint");
  const label = h("label", "unlock-form__label", words.form.label);
  label.htmlFor = input.id;
  const hint = h("p", "unlock-form__hint", words.form.hint);
  hint.id = "unlock-hint";
  const submit = h("button", "md-button md-button--primary", words.form.submit);
  const row = h("div", "unlock-form__row", input, submit);
  const form = h("form", "unlock-form__form", label, hint, row, h("p", "unlock-form__privacy", words.form.privacy));
  const region = h("div", "unlock-form__said");
  region.ariaLive = "polite";
  region.tabIndex = -1;
  host.replaceChildren(region, form);

  /** @param {"empty" | "checking" | "open" | "refused"} state @param {string} [code] */
  function become(state, code) {
    host.setAttribute("state", state);
    if (code) host.dataset.refusal = code;
    else delete host.dataset.refusal;
    submit.disabled = state === "checking";
    input.setAttribute("aria-invalid", String(code === "mistyped"));
  }

  /** @param {Refusal} refusal */
  function sayRefusal(refusal) {
    refuse(region, refusal, again, ["unlock"]);
    become("refused", refusal.code);
  }

  /** @param {import("../open.js").Member} member */
  function welcome({ name, holdings }) {
    const list = h("ul", "unlock-form__holdings", ...holdings.map((holding) => h("li", "", holdingFor(host, holding))));
    const another = button(words.ways.unlock, () => {
      become("empty");
      input.focus();
    });
    const ways = h("p", "unlock-form__ways", buttonLink(words.ways.account, site.account), another);
    if (back) ways.prepend(buttonLink(words.form.back, back, "md-button--primary"));
    region.replaceChildren(h("p", "unlock-form__welcome", words.welcome(name)), list, ways);
    form.reset();
    become("open");
  }

  let checks = 0;

  /** Says who this is, from the session; nobody sees the empty form. What it finds counts only if it is the latest to look. */
  async function check() {
    checks += 1;
    const mine = checks;
    try {
      const session = await load();
      if (mine !== checks) return;
      if (!session) {
        region.replaceChildren();
        become("empty");
        return;
      }
      become("checking");
      region.replaceChildren(h("p", "", words.form.checking));
      const member = await whoIs(session);
      if (mine !== checks) return;
      if (member instanceof Refusal) sayRefusal(member);
      else if (member.holdings.some(({ active }) => active)) welcome(member);
      else sayRefusal(new Refusal("expired", { holdings: member.holdings, ended: member.holdings[0] }));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (mine === checks) sayRefusal(error);
    }
  }

  async function again() {
    forgetVault();
    await check();
    region.focus();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    become("checking");
    try {
      await keep(input.value);
      forgetVault();
      await check();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      sayRefusal(error);
    }
    if (host.dataset.refusal === "mistyped") input.select();
    else region.focus();
  });

  onChange(() => {
    if (host.isConnected) check();
  });

  const refused = /** @type {import("../refusal.js").Code} */ (query.get("refused"));
  if (BY_ADDRESS.has(refused)) {
    query.delete("refused");
    history.replaceState(history.state, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
    sayRefusal(new Refusal(refused));
  } else if (self !== top) sayRefusal(new Refusal("framed"));
  else if (!globalThis.crypto?.subtle) sayRefusal(new Refusal("no-webcrypto"));
  else check();
}
