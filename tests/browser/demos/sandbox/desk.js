// The page that the tests of the sandbox speak to: it runs jobs as a reader's page would, and tells what came of them.

import * as runtime from "./assets/demos/runtime.js";

const base = new URL(".", location.href).href;
const folders = { python: "PYODIDE", sql: "SQL_JS", js: "" };
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Counts while the page's thread is free to. */
function pulse() {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 20);
  return () => (clearInterval(timer), ticks);
}

function begin(job, onPhase = () => {}) {
  const told = { outputs: [], phases: [], progress: [] };
  const defaults = { code: "", session: "", files: [], wheels: [], input: "", timeout: 20, net: false, base };
  const files = (job.files ?? []).map(({ name, text }) => ({ name, bytes: new TextEncoder().encode(text) }));
  const hooks = {
    onOutput: (output) => told.outputs.push(output),
    onPhase: (phase) => (told.phases.push(phase), onPhase(phase)),
    onProgress: (progress) => told.progress.push(progress),
  };
  const ticks = pulse();
  const { done, stop } = runtime.start({ ...defaults, runtime: folders[job.language], ...job, files }, hooks);
  const result = done.then(
    (outcome) => ({ ...told, progress: told.progress.slice(-1), outcome, ticks: ticks() }),
    (error) => ({ ...told, failed: String(error) }),
  );
  return { result, stop, told };
}

const acts = {
  run: (job) => begin(job).result,

  /** All at once. */
  runAll: (jobs) => Promise.all(jobs.map((job) => begin(job).result)),

  /** Runs a job for each phase and stops it as it comes there: told in the same moment, so that no other phase can follow. */
  async stopIn(job, ...phases) {
    const all = [];
    for (const phase of phases) {
      const run = begin(job, (now) => now === phase && queueMicrotask(() => run.stop()));
      all.push(await run.result);
    }
    return all;
  },

  reset: (session, language) => runtime.resetSession(session, language),

  /** Shows a page until it has put out so many things, or something of a kind, and has the height; and `then` milliseconds more. */
  async live(page, enough, then = 0, tall = "") {
    const outputs = [];
    const given = { html: "", css: "", script: "", net: false, base, height: 0, ...page };
    const ticks = pulse();
    const { element, remove } = runtime.livePage(given, { onOutput: (output) => outputs.push(output) });
    document.body.append(element);
    const told = () =>
      typeof enough === "string" ? outputs.some(({ kind }) => kind === enough) : outputs.length >= enough;
    while (!told() || !element.style.height.startsWith(tall)) await wait(20);
    // Of what shall not come nobody says that it won't.
    await wait(then);
    const { height } = element.style;
    remove();
    return { outputs, height, ticks: ticks() };
  },

  /** Throws the sandbox's frames away, as a crash of their process would. */
  crash: () => document.querySelectorAll("iframe").forEach((frame) => frame.remove()),

  frames: () => [...document.querySelectorAll("iframe")].map((frame) => frame.getAttribute("sandbox")),
};

// What a site's own storage holds, for hostile code to look for.
localStorage.setItem("secret", "of the site");
document.cookie = "secret=of-the-site";
const opening = indexedDB.open("secret", 1);
opening.onupgradeneeded = () => opening.result.createObjectStore("secret");
const channel = new BroadcastChannel("secret");
const heard = [];
channel.onmessage = ({ data }) => heard.push(data);
acts.heard = () => heard;

window.desk = (name, ...given) => acts[name](...given);

// A browser that nothing drives from outside asks for its orders.
if (location.hash === "#ask")
  for (;;) {
    const order = await (await fetch("desk/next")).json();
    if (order.over) break;
    const doing = Promise.resolve().then(() => window.desk(order.name, ...order.given));
    const answer = await doing.catch((error) => ({ failed: String(error) }));
    await fetch("desk/answer", { method: "POST", body: JSON.stringify(answer ?? null) });
  }
