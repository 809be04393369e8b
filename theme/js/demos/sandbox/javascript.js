// A worker that runs JavaScript, with the harness that the build runs demos with.

import { addressOf, guard, serve } from "./guard.js";

async function boot() {
  guard();
  return async (/** @type {any} */ job, /** @type {(kind: string, data: any) => void} */ emit) => {
    const show =
      (/** @type {string} */ kind) =>
      (/** @type {any[]} */ ...values) =>
        emit(kind, `${values.map(String).join(" ")}\n`);
    Object.assign(console, { log: show("stdout"), info: show("stdout"), warn: show("stderr"), error: show("stderr") });
    try {
      /** @type {any} */ (globalThis).importScripts(addressOf(job.code));
      return { ok: true };
    } catch (/** @type {any} */ error) {
      emit("error", { type: error?.name ?? "Error", text: String(error), line: null });
      return { ok: false };
    }
  };
}

serve(boot);
