// <premium-content part="…" entitlements="…" names="…">: a gated part, around its paywall card until a member opens it.
// `state` is `locked`, `opening`, `open` or `refused`; refused ones say why in `data-refusal`.

import { arrive } from "../page/gate.js";

export class PremiumContent extends HTMLElement {
  connectedCallback() {
    // The author's preview has the text already.
    if (!this.hasAttribute("preview")) arrive(this);
  }
}
