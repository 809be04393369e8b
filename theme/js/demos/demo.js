// One demo that is being used: whose code it shows, whether it runs, and what it put out.

import { h } from "../page/markup.js";
import { beside } from "./beside.js";
import { carried, dataOf, draftKey, OURS, store, stored } from "./data.js";
import { followHints, judge, offerSolution } from "./exercise.js";
import { NAMES } from "./labels.js";
import { copied, showLink } from "./handing.js";
import { showPage } from "./live.js";
import { notice } from "./notice.js";
import { writer } from "./outputs.js";
import { authorsParts, Panes, toParts, toText } from "./panes.js";
import { reasonFor, runOnce, runtime } from "./running.js";
import { before, begun, note, sessionOf } from "./sessions.js";
import { linkTo, pack, unpack } from "./share.js";
import { readKept, Versions } from "./versions.js";
import { numberFor, wordsFor } from "./words.js";

/**
 * @typedef {import("./runtime.js").Outcome} Outcome
 * @typedef {import("./runtime.js").Output} Output
 * @typedef {import("./exercise.js").Event} Event
 */

/** What asks for input, in any of the languages. */
const ASKS = /\b(?:input|prompt)\s*\(|\bstdin\b/;

/** @type {WeakMap<HTMLElement, Demo>} */
const demos = new WeakMap();

/** @param {HTMLElement} host @returns {Demo} */
export function demoOf(host) {
  const demo = demos.get(host) ?? new Demo(host);
  demos.set(host, demo);
  return demo;
}

class Demo {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.data = dataOf(host);
    this.words = wordsFor(host);
    this.bar = /** @type {HTMLElement | null} */ (host.querySelector(":scope > .code-demo__bar"));
    this.kept = readKept(stored(draftKey(this.data)));
    if (this.kept.mine && !toParts(this.data, this.kept.mine)) this.kept.mine = undefined;
    this.versions = new Versions(toText(this.data, authorsParts(this.data)), this.kept);
    this.panes = new Panes(host, this.data, (parts) => this.#changed(toText(this.data, parts)));
    /** The run that is under way. @type {Promise<Outcome | undefined> | undefined} */
    this.current = undefined;
    this.stopping = new AbortController();
    /** Whether it has run since the page is there. */
    this.used = false;
    /** @type {HTMLElement | undefined} */
    this.box = undefined;
    /** @type {HTMLTextAreaElement | undefined} */
    this.input = undefined;
    /** Removes a live page. @type {(() => void) | undefined} */
    this.close = undefined;
    if (!this.data.hidden) host.setAttribute("state", "used");
    if (this.data.exercise) {
      followHints(host, (event) => this.#tell(event));
      offerSolution(host, this.kept, this.data.exercise.tries);
    }
    this.#show();
  }

  get parts() {
    return toParts(this.data, this.versions.text) ?? authorsParts(this.data);
  }

  /** Whether it shows what came with a link. */
  get foreign() {
    return this.versions.shown === "link";
  }

  /** What is run of it when another demo needs it: never what only came with a link. */
  get trusted() {
    return this.foreign ? this.data.code : this.parts.code;
  }

  /** @param {string} text */
  say(text) {
    const status = this.bar?.querySelector(".code-demo__status");
    if (status) status.textContent = text;
  }

  /** @param {Event} event */
  #tell(event) {
    const detail = { event, demo: this.data.id, page: this.data.page };
    document.dispatchEvent(new CustomEvent("site-builder:demo", { detail }));
  }

  /** @param {string} act @returns {HTMLElement | null | undefined} */
  button(act) {
    return this.bar?.querySelector(`[data-act="${act}"]`);
  }

  /** Shows the version that is chosen, and what can be done with it. */
  #show() {
    this.panes.show(this.parts);
    this.#offer();
  }

  #offer() {
    const { shown } = this.versions;
    const reset = this.button("reset");
    const edit = this.button("edit");
    if (reset) reset.hidden = !this.panes.editing && shown === "author";
    if (edit) edit.hidden = this.data.readonly || this.panes.editing;
    notice(this.host, this.bar, this.versions, (name) => {
      this.versions.show(name);
      this.#show();
    });
    this.#offerInput(ASKS.test(this.parts.code) || !!this.input);
  }

  /** @param {string} text */
  #changed(text) {
    const { shown } = this.versions;
    this.panes.mark(null);
    this.versions.edit(text);
    this.#keep();
    if (shown !== "mine") this.#offer();
    else this.#offerInput(ASKS.test(this.parts.code) || !!this.input);
  }

  #keep() {
    const { tries, passed } = this.kept;
    const draft = this.versions.kept;
    const empty = draft.mine === undefined && !tries && !passed;
    store(draftKey(this.data), empty ? null : JSON.stringify({ ...draft, tries, passed }));
  }

  /** A box for what the program reads, under the toolbar. @param {boolean} wanted */
  #offerInput(wanted) {
    if (!wanted || this.input || !this.bar || this.data.language === "html" || this.data.language === "sql") return;
    const input = h("textarea", "");
    Object.assign(input, { rows: 2, spellcheck: false, autocapitalize: "off" });
    const label = h(
      "label",
      "code-demo__input",
      h("span", "", this.words.input),
      input,
      h("small", "", this.words.inputHint),
    );
    label.setAttribute(OURS, "");
    this.bar.after(label);
    this.input = input;
  }

  /** Shows what came with the page's address, if that is for this demo. */
  async resume() {
    const link = carried(location.hash);
    if (link?.id !== this.data.id || this.data.readonly) return;
    this.host.scrollIntoView({ block: "start", behavior: "instant" });
    const text = await unpack(link.packed);
    const parts = text === undefined ? undefined : toParts(this.data, text);
    if (!parts) return this.say(this.words.foreignDamaged);
    this.versions.arrive(toText(this.data, parts));
    this.#show();
  }

  /** An empty place for output instead of what is there. */
  #clear() {
    this.close?.();
    this.close = undefined;
    this.panes.mark(null);
    this.host.querySelector(":scope > .code-demo__tests")?.remove();
    const recorded = this.#recorded;
    if (recorded) recorded.hidden = true;
    if (!this.box) {
      this.box = h("div", "code-demo__output");
      this.box.setAttribute(OURS, "");
      this.box.ariaLive = "polite";
      const after = recorded ?? this.input?.closest("label") ?? this.bar;
      after?.after(this.box);
    }
    this.box.replaceChildren();
    return this.box;
  }

  /** The author's output. @returns {HTMLElement | null} */
  get #recorded() {
    return this.host.querySelector(`:scope > .code-demo__output:not([${OURS}])`);
  }

  /** Runs it, and before it what it needs; with an exercise's tests if that is wanted. @param {boolean} tests */
  run(tests) {
    this.current ??= this.#run(tests).finally(() => {
      this.current = undefined;
    });
    return this.current;
  }

  /** @param {boolean} tests */
  async #run(tests) {
    this.stopping = new AbortController();
    const end = this.#busy();
    try {
      if (this.data.language === "html") return await this.#showPage();
      const box = this.#clear();
      if (!tests) this.#tell("run");
      for (const other of before(this.host, document, (one) => demoOf(one).trusted)) {
        this.say(this.words.before);
        const outcome = await demoOf(other).runFor(this, box);
        if (outcome?.stopped || this.stopping.signal.aborted) {
          this.say(this.words.stopped[outcome?.stopped ?? "stop"]);
          return undefined;
        }
      }
      const outcome = await this.#once(this.parts.code, tests, this.stopping.signal, writer(box, this.words));
      this.#conclude(outcome, tests);
      return outcome;
    } catch (error) {
      this.say(reasonFor(this.host, error));
      return undefined;
    } finally {
      end();
    }
  }

  /** Runs it because another demo needs it; a hidden one shows there how it failed. @param {Demo} asking @param {HTMLElement} there */
  async runFor(asking, there) {
    await this.current;
    const box = this.data.hidden ? undefined : this.#clear();
    const show = box && writer(box, this.words);
    this.used = true;
    return this.#once(this.trusted, false, asking.stopping.signal, (output) => {
      show?.(output);
      if (box || output.kind !== "error") return;
      there.append(h("p", "code-demo__note", this.words.setupFailed));
      writer(there, this.words)(output);
    });
  }

  /** @param {string} code @param {boolean} tests @param {AbortSignal} signal @param {(output: Output) => void} show */
  async #once(code, tests, signal, show) {
    this.used = true;
    const outcome = await runOnce(
      this.host,
      { code, tests, input: this.input?.value ?? "" },
      {
        bar: this.bar,
        say: (text) => this.say(text),
        signal,
        onOutput: (output) => {
          show(output);
          if (output.kind !== "error") return;
          this.panes.mark(code === this.parts.code ? (output.data?.line ?? null) : null);
          if (output.data?.type === "EOFError") this.#offerInput(true);
        },
      },
    );
    // With tests it ran in a namespace of its own.
    if (!tests && !outcome.stopped) note(this.host, code);
    return outcome;
  }

  /** Says how a run ended. @param {Outcome} outcome @param {boolean} tests */
  #conclude(outcome, tests) {
    const seconds = numberFor(this.host, outcome.milliseconds / 1000);
    this.say(
      outcome.stopped
        ? this.words.stopped[outcome.stopped]
        : outcome.ok
          ? this.words.done(seconds)
          : this.words.ended(seconds),
    );
    const { exercise } = this.data;
    if (outcome.stopped === "stop") return;
    if (tests && exercise) {
      const verdict = judge(this.host, outcome.tests, this.kept, exercise.tries);
      this.box?.after(verdict.element);
      this.#keep();
      this.#tell(verdict.passed ? "pass" : "fail");
    } else {
      if (!outcome.ok) this.#tell("error");
      if (!this.box?.hasChildNodes() && outcome.ok) this.box?.append(h("p", "code-demo__note", this.words.nothing));
    }
  }

  async #showPage() {
    const box = this.#clear();
    this.#tell("run");
    this.used = true;
    this.close = await showPage(this.host, this.parts, box);
    this.say(this.words.live);
    return undefined;
  }

  /** Until what it returns is called the demo is running; it stops if it leaves the page. */
  #busy() {
    const [run, check, stop] = ["run", "check", "stop"].map((name) => this.button(name));
    const gone = new MutationObserver(() => {
      if (!this.host.isConnected) this.stop();
    });
    gone.observe(document, { childList: true, subtree: true });
    this.say(this.words.starting);
    if (!this.data.hidden) this.host.setAttribute("state", "running");
    // Not `disabled`, which would take the keyboard's focus away.
    for (const button of [run, check]) if (button) button.ariaDisabled = "true";
    if (stop) stop.hidden = false;
    return () => {
      gone.disconnect();
      this.host.setAttribute("state", "used");
      for (const button of [run, check]) if (button) button.ariaDisabled = null;
      if (stop && document.activeElement === stop) run?.focus();
      if (stop) stop.hidden = true;
      if (this.box) this.box.ariaBusy = null;
    };
  }

  stop() {
    this.stopping.abort();
    this.close?.();
  }

  /** Stops what runs; where nothing does, leaves the code by the keyboard. */
  escape() {
    if (this.current || this.close) {
      this.stop();
      return;
    }
    if (document.activeElement?.closest(".code-demo__editor")) this.button("run")?.focus();
  }

  async edit() {
    if (this.data.readonly || this.panes.editing) return this.panes.focus();
    this.say(this.words.loading(NAMES[this.data.language]));
    try {
      this.panes.edit(await import(beside("editor.js")));
    } catch {
      return this.say(this.words.failed);
    }
    this.say("");
    this.#offer();
    this.panes.focus();
  }

  /** The author's code and output again, and a session that begins anew. */
  reset() {
    this.stop();
    this.versions.reset();
    this.#keep();
    this.panes.leave();
    this.#show();
    this.#clear();
    this.box?.remove();
    this.box = undefined;
    const recorded = this.#recorded;
    if (recorded) recorded.hidden = false;
    this.say("");
    const session = sessionOf(this.data);
    if (this.used && session && this.data.language !== "html") {
      const { language } = this.data;
      begun(session);
      runtime().then(
        ({ resetSession }) => resetSession(session, language),
        () => {},
      );
    }
    if (carried(location.hash)?.id === this.data.id)
      history.replaceState(history.state, "", linkTo(location.href, this.data.id, ""));
    (this.button("edit") ?? this.button("run"))?.focus();
  }

  async copy() {
    const text = this.parts[this.panes.chosen.part];
    this.say((await copied(text)) ? this.words.copied : this.words.notCopied);
  }

  async share() {
    const changed = this.versions.shown !== "author";
    const link = linkTo(location.href, this.data.id, changed ? await pack(this.versions.text) : "");
    if (await copied(link)) this.say(this.words.linkCopied);
    else if (this.bar) showLink(this.host, this.bar, link);
  }
}
