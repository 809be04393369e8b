// Names the custom elements. With all that they need it becomes one file, the last in the head of every page.

import { mountAccount } from "./elements/membership-account.js";
import { mountUnlockForm } from "./elements/unlock-form.js";
import "./mermaid.js";
import { arrive } from "./page/gate.js";
import { documents, parsed, site } from "./site.js";

/** A gated part, around its paywall card until a member opens it; the author's preview has the text already.
 * `state` is `locked`, `opening`, `open` or `refused`; refused ones say why in `data-refusal`. */
class PremiumContent extends HTMLElement {
  connectedCallback() {
    if (!this.hasAttribute("preview")) arrive(this);
  }
}

/** An element whose script only pages with one fetch; what it holds is of use without it. @param {string} script */
const fetching = (script) =>
  class extends HTMLElement {
    connectedCallback() {
      // Who blocks it, or what it fetches in turn, has the page without it.
      import(`${site.base}assets/${script}`).then(({ mount }) => mount(this)).catch(() => {});
    }
  };

/** @param {(host: HTMLElement) => void} fill */
const filledBy = (fill) =>
  class extends HTMLElement {
    async connectedCallback() {
      await parsed;
      if (this.isConnected) fill(this);
    }
  };

customElements.define("premium-content", PremiumContent);
customElements.define("code-demo", fetching("demos/element.js"));
customElements.define("engagement-hooks", fetching("engagement/engagement.js"));
customElements.define("unlock-form", filledBy(mountUnlockForm));
customElements.define("membership-account", filledBy(mountAccount));

// Instant navigation follows a link with a token in it without loading the page, so first.js has not seen it.
parsed.then(() =>
  documents()?.subscribe(() => {
    if (/^#mbr(_|%5F)/i.test(location.hash)) location.reload();
  }),
);
