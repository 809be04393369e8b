// Errors of a demo's JavaScript as a reader is shown them: with the lines of the reader's own code, and of nothing else.

import { errorName, inspect, isError } from "./inspect.js";

const LENGTH = 10_000;

/** @param {Map<string, string>} sources @param {string} code @param {string} name the first piece's; a later one has a number */
export function named(sources, code, name) {
  let file = name;
  for (let number = 2; sources.has(file) && sources.get(file) !== code; number++)
    file = name.replace(".js", `-${number}.js`);
  sources.set(file, code);
  return file;
}

/**
 * The lines of a stack that are the reader's, innermost first. V8 and Firefox write them in their own ways.
 *
 * @param {Error} error @param {Map<string, string>} sources
 */
export function frames(error, sources) {
  return String(error.stack ?? "")
    .split("\n")
    .flatMap((text) => {
      const match =
        /^\s*at (?:async )?(?:(.*?) \()?([^()\s]+?):(\d+)(?::\d+)?\)?$/.exec(text) ??
        /^(.*?)@(.*?):(\d+)(?::\d+)?$/.exec(text);
      const [, caller = "", file = "", line = ""] = match ?? [];
      return sources.has(file)
        ? [
            {
              caller: /^(Object\.<anonymous>|eval|__main__|globalThis\.__main__)?$/.test(caller) ? "" : caller,
              file,
              line: Number(line),
            },
          ]
        : [];
    })
    .slice(0, 20);
}

/** An output of kind `error`. @param {unknown} reason @param {{ sources: Map<string, string>, file: string }} run */
export function told(reason, { sources, file: own }) {
  if (!isError(reason)) return { type: "Thrown", text: `Uncaught ${inspect(reason)}`, line: null };
  const lines = frames(reason, sources);
  // A parser's error has no frame of the code: its place is told otherwise, or not at all.
  const place = [...sources.keys()]
    .map((file) => new RegExp(`^${file}:(\\d+)$`, "m").exec(String(reason.stack))?.[1])
    .find(Boolean);
  const line =
    lines.find((frame) => frame.file === own)?.line ??
    (errorName(reason) === "SyntaxError" && place ? Number(place) : null);
  const words = [`${errorName(reason)}: ${reason.message}`.slice(0, LENGTH).toWellFormed()];
  for (const frame of lines)
    words.push(
      `    at ${frame.caller ? `${frame.caller} (${frame.file}:${frame.line})` : `${frame.file}:${frame.line}`}`,
    );
  if (!lines.length && place) words.push(`    at ${own}:${place}`);
  if (reason.cause !== undefined)
    words.push(
      `caused by ${isError(reason.cause) ? `${errorName(reason.cause)}: ${reason.cause.message}` : inspect(reason.cause)}`,
    );
  return { type: errorName(reason), text: words.join("\n"), line };
}
