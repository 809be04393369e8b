// Elements from words: children are nodes or text, never HTML.

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** A link that looks like Material's buttons. @param {string} label @param {string} address @param {string} [kind] */
export function buttonLink(label, address, kind = "") {
  const element = h("a", `md-button ${kind}`.trim(), label);
  element.href = address;
  return element;
}

/** A button that does one thing, and not a second time before the first is done. @param {string} label @param {() => unknown} act */
export function button(label, act) {
  const element = h("button", "md-button", label);
  element.type = "button";
  element.addEventListener("click", async () => {
    if (element.ariaDisabled) return;
    // Not `disabled`, which would take the keyboard's focus away.
    element.ariaDisabled = "true";
    try {
      await act();
    } finally {
      element.ariaDisabled = null;
    }
  });
  return element;
}
