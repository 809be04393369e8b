// The table of contents of a page whose gated parts are open: the decrypted headings among the public ones, in Material's markup.

/** @typedef {import("../vault/part.js").Heading} Heading */
/** @typedef {{ item: Element, level: number, list?: Element }} Step */

/** The only HTML that is written here; words come in as text. @param {string} html @returns {Element} */
function made(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return /** @type {Element} */ (document.importNode(template.content, true).firstElementChild);
}

/** @param {Element} heading @param {number} otherwise */
const levelOf = (heading, otherwise) => Number(/^H([1-6])$/.exec(heading.tagName)?.[1] ?? otherwise);

/** @param {Heading} heading */
function linkTo({ id, title }) {
  const link = made('<a class="md-nav__link"><span class="md-ellipsis"></span></a>');
  link.setAttribute("href", `#${encodeURIComponent(id)}`);
  link.children[0].textContent = title;
  return link;
}

/** Material leaves the list out of a page without public headings. @param {Element} root */
function addMissingList(root) {
  for (const nav of root.querySelectorAll("nav.md-nav--secondary")) {
    if (nav.querySelector("[data-md-component=toc]")) continue;
    const title = made('<label class="md-nav__title" for="__toc"><span class="md-nav__icon md-icon"></span></label>');
    title.append(nav.ariaLabel ?? "");
    nav.append(title, made('<ul class="md-nav__list" data-md-component="toc"></ul>'));
  }
}

/**
 * Writes a flat run of links as nested lists.
 *
 * @param {Element} list emptied first
 * @param {{ link: Element, level: number }[]} entries in document order
 */
function nest(list, entries) {
  list.replaceChildren();
  /** @type {Step[]} */
  const path = [{ item: list, level: 0, list }];
  for (const { link, level } of entries) {
    while (path.length > 1 && path[path.length - 1].level >= level) path.pop();
    const parent = path[path.length - 1];
    if (!parent.list) {
      const nav = made('<nav class="md-nav"><ul class="md-nav__list"></ul></nav>');
      parent.list = nav.children[0];
      nav.ariaLabel = parent.item.textContent?.trim() ?? "";
      parent.item.append(nav);
    }
    const item = made('<li class="md-nav__item"></li>');
    item.append(link);
    parent.list.append(item);
    path.push({ item, level });
  }
}

/**
 * Puts the headings of opened parts into every table of contents of a page.
 *
 * @param {Element} root the page's container, with the parts' HTML in it
 * @param {Heading[]} headings of all opened parts
 */
export function addToContents(root, headings) {
  if (!headings.length) return;
  addMissingList(root);
  const targets = new Map([...root.querySelectorAll("[id]")].map((element) => [element.id, element]));
  const order = new Map([...targets.values()].map((element, index) => [element, index]));
  for (const list of root.querySelectorAll("[data-md-component=toc]")) {
    let last = { at: -1, level: 2 };
    const listed = [...list.querySelectorAll("a.md-nav__link")].map((link) => {
      const target = targets.get(decodeURIComponent(/** @type {HTMLAnchorElement} */ (link).hash.slice(1)));
      // A link to nowhere stays behind the one before it.
      if (target) last = { at: order.get(target) ?? -1, level: levelOf(target, last.level) };
      return { link, ...last };
    });
    const there = new Set(listed.map(({ at }) => at));
    const added = headings.flatMap((heading) => {
      const target = targets.get(heading.id);
      const at = (target && order.get(target)) ?? -1;
      const missing = target && !there.has(at);
      return missing ? [{ link: linkTo(heading), at, level: levelOf(target, heading.level) }] : [];
    });
    nest(
      list,
      [...listed, ...added].sort((one, other) => one.at - other.at),
    );
  }
}
