// Last in the head of every page: names the custom elements. Whatever an element needs comes when it is on the page.

import { PremiumContent } from "./elements/premium-content.js";
import { documents } from "./site.js";

/** An element that a module fills. @param {() => Promise<(host: HTMLElement) => void>} mount */
const filledBy = (mount) =>
  class extends HTMLElement {
    async connectedCallback() {
      const fill = await mount();
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
documents()?.subscribe(() => {
  if (/^#mbr(_|%5F)/i.test(location.hash)) location.reload();
});
