// Whose code a demo shows: the author's, the reader's, the reader's before that, or what came with a link. Nothing gets lost.

/** @typedef {"author" | "mine" | "older" | "link"} Name */

/**
 * @typedef {object} Kept what the browser keeps of a reader's work
 * @property {string} [mine]
 * @property {string} [of] the digest of the author's code that it began with
 * @property {number} tries how often an exercise's tests have failed
 * @property {boolean} passed
 */

/** Tells one text from another; 64 bits of FNV-1a, which is no cryptography. @param {string} text */
export function digest(text) {
  const halves = [0x811c9dc5, 0x9dc5811c].map((basis) => {
    let hash = basis;
    for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    return (hash >>> 0).toString(16).padStart(8, "0");
  });
  return halves.join("");
}

/** What was kept, if that is what it should be. @param {string | null} text @returns {Kept} */
export function readKept(text) {
  /** @type {Kept} */
  const nothing = { tries: 0, passed: false };
  try {
    const { mine, of, tries, passed } = JSON.parse(text ?? "{}") ?? {};
    const draft = typeof mine === "string" && typeof of === "string" ? { mine, of } : {};
    return { ...nothing, tries: Number.isSafeInteger(tries) ? tries : 0, passed: passed === true, ...draft };
  } catch {
    return nothing;
  }
}

/** The versions of one demo's code, one of which is shown. */
export class Versions {
  /** @param {string} author @param {Kept} kept */
  constructor(author, { mine, of }) {
    /** @type {Partial<Record<Name, string>> & { author: string }} */
    this.texts = { author };
    this.of = of ?? digest(author);
    if (mine !== undefined && mine !== author) this.texts.mine = mine;
    /** @type {Name} */
    this.shown = this.texts.mine === undefined ? "author" : "mine";
  }

  get text() {
    return /** @type {string} */ (this.texts[this.shown]);
  }

  /** Whether the author has changed the code since the reader began to. */
  get outdated() {
    return this.texts.mine !== undefined && this.of !== digest(this.texts.author);
  }

  /** What else could be shown. @returns {Name[]} */
  get others() {
    const names = /** @type {Name[]} */ (["author", "mine", "older", "link"]);
    return names.filter(
      (name) => name !== this.shown && this.texts[name] !== undefined && this.texts[name] !== this.text,
    );
  }

  /** @param {Name} name */
  show(name) {
    if (this.texts[name] !== undefined) this.shown = name;
  }

  /** Shows what came with a link. @param {string} text */
  arrive(text) {
    if (text === this.texts.author) this.shown = "author";
    else {
      this.texts.link = text;
      this.shown = "link";
    }
  }

  /** The reader has changed what is shown. @param {string} text */
  edit(text) {
    if (text === this.text) return;
    if (this.shown !== "mine") {
      if (this.texts.mine !== undefined) this.texts.older = this.texts.mine;
      this.of = digest(this.texts.author);
    }
    this.texts.mine = text;
    this.shown = "mine";
  }

  /** Back to the author's; the reader's is still there until they leave the page. */
  reset() {
    if (this.texts.mine !== undefined) this.texts.older = this.texts.mine;
    delete this.texts.mine;
    this.of = digest(this.texts.author);
    this.shown = "author";
  }

  /** @returns {Pick<Kept, "mine" | "of">} */
  get kept() {
    const { mine, author } = this.texts;
    return mine === undefined || mine === author ? {} : { mine, of: this.of };
  }
}
