// <membership-account>: who is signed in on this device, what they have and until when, and the way out.
// `state` is `signed-out`, `loading`, `signed-in` or `refused`; refused ones say why in `data-refusal`.

import { forgetVault, whoIs } from "../open.js";
import { unlockFrom } from "../page/address.js";
import { button, buttonLink, h } from "../page/markup.js";
import { refuse } from "../page/notice.js";
import { Refusal } from "../refusal.js";
import { load, onChange, signOut } from "../session.js";
import { site } from "../site.js";
import { holdingFor, wordsFor } from "../words.js";
import { feedsOf } from "./member-feeds.js";

/** @param {HTMLElement} host */
export function mountAccount(host) {
  const words = wordsFor(host);
  const region = h("div", "membership");
  region.ariaLive = "polite";
  host.replaceChildren(region);

  /** @param {"signed-out" | "loading" | "signed-in" | "refused"} state @param {string} [code] */
  function become(state, code) {
    host.setAttribute("state", state);
    if (code) host.dataset.refusal = code;
    else delete host.dataset.refusal;
  }

  const leave = () =>
    h("div", "membership__leave", button(words.ways["sign-out"], signOut), h("p", "", words.account.signOutHint));

  // Who signs out while somebody is being looked up is not shown what comes of it: only the latest check counts.
  let checks = 0;

  /** @param {Element[]} feeds @param {import("../open.js").Member} member */
  function show(feeds, { name, holdings }) {
    const lines = holdings.map((holding) => {
      const line = h("li", holding.active ? "" : "membership__ended", holdingFor(host, holding));
      line.dataset.entitlement = holding.id;
      return line;
    });
    region.replaceChildren(
      h("p", "membership__name", name || words.account.member),
      h("p", "membership__label", words.account.holdings),
      lines.length ? h("ul", "membership__holdings", ...lines) : h("p", "", words.nothingHeld),
      ...feeds,
      leave(),
    );
    become("signed-in");
  }

  /** @param {Refusal} refusal */
  function sayRefusal(refusal) {
    refuse(
      region,
      refusal,
      () => {
        forgetVault();
        return check();
      },
      ["sign-out", "account"],
    );
    if (refusal.code !== "no-storage") region.append(leave());
    become("refused", refusal.code);
  }

  async function check() {
    const mine = ++checks;
    become("loading");
    try {
      const session = await load();
      if (mine !== checks) return;
      if (!session) {
        region.replaceChildren(
          h("p", "", words.account.signedOut),
          h("p", "", buttonLink(words.form.submit, unlockFrom(location.href, site), "md-button--primary")),
        );
        become("signed-out");
        return;
      }
      const member = await whoIs(session);
      const feeds = member instanceof Refusal ? [] : await feedsOf(host, session, member.holdings);
      if (mine !== checks) return;
      if (member instanceof Refusal) sayRefusal(member);
      else show(feeds, member);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (mine === checks) sayRefusal(error);
    }
  }

  onChange(() => {
    if (host.isConnected) check();
  });
  check();
}
