// Running a demo as its reader sees it: first what it needs, then itself, with an exercise's tests if that is wanted, and how it ended.

import { h } from "../page/markup.js";
import { demoOf } from "./demo.js";
import { judge } from "./exercise.js";
import { showPage } from "./live.js";
import { writer } from "./outputs.js";
import { endSession, reasonFor, runOnce, STOPPED, unlessStopped } from "./running.js";
import { before, note } from "./sessions.js";
import { numberFor } from "./words.js";

/**
 * @typedef {import("./demo.js").Demo} Demo
 * @typedef {import("./runtime.js").Outcome} Outcome
 * @typedef {import("./runtime.js").Output} Output
 */

/** Runs a demo, or waits for the run that is under way. @param {Demo} demo @param {boolean} tests
 * @returns {Promise<Outcome | undefined>} undefined if it never began, or is a live page */
export function run(demo, tests) {
  demo.current ??= begin(demo, tests).finally(() => (demo.current = undefined));
  return demo.current;
}

/** @param {Demo} demo @param {boolean} tests */
async function begin(demo, tests) {
  demo.stopping = new AbortController();
  // What the reader saw when pressing the button.
  const { code } = demo.parts;
  const box = demo.clear();
  const end = busy(demo, box);
  demo.used = true;
  try {
    if (!tests) demo.tell("run");
    if (demo.data.language === "html") {
      demo.say((await showPage(demo, box)) ? demo.words.live : demo.words.stopped.stop);
      return undefined;
    }
    if (!(await runEarlier(demo, box))) return undefined;
    const wanted = { code, tests, signal: demo.stopping.signal };
    const outcome = await runCode(demo, wanted, writer(box, demo.words));
    // Stopped before it put anything out: the author's output is still the one there is.
    if (outcome.stopped === "stop" && !box.hasChildNodes()) demo.restore();
    conclude(demo, outcome);
    if (outcome.stopped !== "stop") {
      if (tests) judgeTests(demo, outcome, box);
      else if (!outcome.ok) demo.tell("error");
      else if (!box.hasChildNodes()) box.append(h("p", "code-demo__note", demo.words.nothing));
    }
    return outcome;
  } catch (error) {
    // It never began, so the author's output is still the one there is.
    demo.restore();
    demo.say(reasonFor(demo.host, error));
    return undefined;
  } finally {
    end();
  }
}

/** Until what it returns is called the demo is running; it stops if it leaves the page. @param {Demo} demo @param {HTMLElement} box */
function busy(demo, box) {
  const [start, check, stop] = /** @type {const} */ (["run", "check", "stop"]).map((name) => demo.button(name));
  const gone = new MutationObserver(() => {
    if (!demo.host.isConnected) demo.stop();
  });
  gone.observe(document, { childList: true, subtree: true });
  demo.say(demo.words.starting);
  demo.state = "running";
  box.ariaBusy = "true";
  // Not `disabled`, which would take the keyboard's focus away.
  for (const button of [start, check]) if (button) button.ariaDisabled = "true";
  if (stop) stop.hidden = false;
  return () => {
    gone.disconnect();
    demo.state = "used";
    box.ariaBusy = null;
    for (const button of [start, check]) if (button) button.ariaDisabled = null;
    if (stop && document.activeElement === stop) start?.focus();
    if (stop) stop.hidden = true;
  };
}

/** Runs those that the demo's session needs before it. One that ends with an error may be meant to. @param {Demo} demo
 * @param {HTMLElement} box where a hidden one shows how it failed @returns {Promise<boolean>} whether it can go on */
async function runEarlier(demo, box) {
  const { signal } = demo.stopping;
  const { first, anew } = before(demo.host, document, (other) => demoOf(other).trusted);
  if (anew) await endSession(demo.data);
  for (const host of first) {
    const other = demoOf(host);
    if (other.current) await unlessStopped(signal, other.current);
    if (signal.aborted) {
      conclude(demo, STOPPED);
      return false;
    }
    demo.say(demo.words.before);
    const { hidden } = other.data;
    const show = writer(hidden ? box : other.clear(), demo.words);
    const outcome = await runCode(other, { code: other.trusted, tests: false, signal }, (output) => {
      if (hidden && output.kind !== "error") return;
      if (hidden) box.append(h("p", "code-demo__note", demo.words.setupFailed));
      show(output);
    });
    other.used = true;
    conclude(other, outcome);
    if (outcome.stopped) {
      conclude(demo, outcome);
      return false;
    }
  }
  return true;
}

/** @param {Demo} demo @param {{ code: string, tests: boolean, signal: AbortSignal }} wanted @param {(output: Output) => void} show */
async function runCode(demo, { code, tests, signal }, show) {
  const wanted = { code, tests, input: demo.input?.value ?? "" };
  const outcome = await runOnce(demo.host, wanted, {
    bar: demo.bar,
    say: (text) => demo.say(text),
    signal,
    onOutput(output) {
      show(output);
      if (output.kind !== "error") return;
      if (code === demo.parts.code) demo.panes.mark(output.data?.line ?? null);
      if (output.data?.type === "EOFError") demo.offerInput();
    },
  });
  // With tests it ran in a namespace of its own.
  if (!tests && !outcome.stopped) note(demo.host, code);
  return outcome;
}

/** Says how a run ended. @param {Demo} demo @param {Outcome} outcome */
function conclude(demo, { ok, stopped, milliseconds }) {
  const { host, words } = demo;
  const seconds = numberFor(host, milliseconds / 1000);
  demo.say(stopped ? words.stopped[stopped] : ok ? words.done(seconds) : words.ended(seconds));
}

/** @param {Demo} demo @param {Outcome} outcome @param {HTMLElement} box */
function judgeTests(demo, { tests }, box) {
  const { exercise } = demo.data;
  if (!exercise) return;
  const { element, passed, summary } = judge(demo.host, tests, demo.kept, exercise.tries);
  box.after(element);
  demo.say(summary);
  demo.keep();
  demo.tell(passed ? "pass" : "fail");
}
