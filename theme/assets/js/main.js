// Last in the head of every page: names the custom elements. Whatever an element needs comes when it is on the page.

import "./mermaid.js";
import { arrive } from "./page/gate.js";
import { documents, parsed } from "./site.js";

/** A gated part, around its paywall card until a member opens it; the author's preview has the text already.
 * `state` is `locked`, `opening`, `open` or `refused`; refused ones say why in `data-refusal`. */
class PremiumContent extends HTMLElement {
  connectedCallback() {
    if (!this.hasAttribute("preview")) arrive(this);
  }
}

/** An element that a module fills. @param {() => Promise<(host: HTMLElement) => void>} mount */
const filledBy = (mount) =>
  class extends HTMLElement {
    async connectedCallback() {
      const [fill] = await Promise.all([mount(), parsed]);
      if (this.isConnected) fill(this);
    }
  };

customElements.define("premium-content", PremiumContent);
customElements.define(
  "unlock-form",
  filledBy(async () => (await import("./elements/unlock-form.js")).mountUnlockForm),
);
customElements.define(
  "membership-account",
  filledBy(async () => (await import("./elements/membership-account.js")).mountAccount),
);

// Instant navigation follows a link with a token in it without loading the page, so first.js has not seen it.
parsed.then(() =>
  documents()?.subscribe(() => {
    if (/^#mbr(_|%5F)/i.test(location.hash)) location.reload();
  }),
);
