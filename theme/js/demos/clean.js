// HTML that a program has made, as a data frame's table is: taken apart and made anew from what is allowed. What it was is hostile.

const KEPT = new Set(
  "table thead tbody tfoot tr th td caption p div span b strong i em u s small code pre br hr ul ol li dl dt dd sub sup".split(
    " ",
  ),
);
/** Not even their text is of interest. */
const DROPPED =
  "script, style, template, noscript, title, head, iframe, object, embed, svg, math, select, textarea, xmp, noembed, noframes";
const ATTRIBUTES = /** @type {const} */ ({
  colspan: /^\d{1,3}$/,
  rowspan: /^\d{1,3}$/,
  scope: /^(?:row|col)(?:group)?$/,
});
const DEEPEST = 60;

/** @param {Node} from @param {Node} to @param {number} depth */
function copy(from, to, depth) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.appendChild(document.createTextNode(node.nodeValue ?? ""));
    if (!(node instanceof Element) || node.matches(DROPPED)) continue;
    const name = node.localName;
    if (!KEPT.has(name) || depth > DEEPEST) {
      // What it says stays; how does not.
      if (depth > DEEPEST) to.appendChild(document.createTextNode(node.textContent ?? ""));
      else copy(node, to, depth + 1);
      continue;
    }
    const element = document.createElement(name);
    for (const [attribute, allowed] of Object.entries(ATTRIBUTES)) {
      const value = node.getAttribute(attribute);
      if (value !== null && allowed.test(value)) element.setAttribute(attribute, value);
    }
    copy(node, element, depth + 1);
    to.appendChild(element);
  }
}

/** @param {string} html @returns {DocumentFragment} */
export function cleaned(html) {
  const fragment = document.createDocumentFragment();
  // A document of its own that runs nothing and fetches nothing.
  copy(new DOMParser().parseFromString(html, "text/html").body, fragment, 0);
  return fragment;
}
