// A worker that runs SQL on a database in memory, which sql.js keeps: each query gives a table.

import { addressOf, guard, serve } from "./guard.js";

/** Of all tables of one run, as much as the other languages may put out. */
const CHARACTERS = 100_000;
const scope = /** @type {any} */ (globalThis);

/** An error with the line of the statement that it came from. */
class StatementError extends Error {
  /** @param {string} message @param {number} line */
  constructor(message, line) {
    super(message);
    this.line = line;
  }
}

/** As the build writes them. @param {unknown} value @returns {string | null} */
function cell(value) {
  if (value === null || value === undefined) return null;
  if (!(value instanceof Uint8Array)) return String(value);
  return `x'${[...value].map((byte) => byte.toString(16).padStart(2, "0")).join("")}'`;
}

/**
 * What a query gave; of a query plan the steps alone, those within others further in, as the build writes them: their numbers differ
 * between versions of SQLite.
 *
 * @param {string[]} columns
 * @param {(string | null)[][]} rows
 */
function table(columns, rows) {
  if (columns.join() !== "id,parent,notused,detail") return { columns, rows };
  /** @type {Map<string | null, number>} */
  const depths = new Map();
  const steps = rows.map(([step, parent, , detail]) => {
    const depth = (depths.get(parent) ?? -1) + 1;
    depths.set(step, depth);
    return ["\u00a0".repeat(3 * depth) + detail];
  });
  return { columns: ["query plan"], rows: steps };
}

/** Where the next statement begins, behind white space and comments. @param {string} rest */
const leading = (rest) => /^(?:\s|;|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*/.exec(rest)?.[0].length ?? 0;

/**
 * Runs statements one after another.
 *
 * @param {any} database
 * @param {string} script
 * @param {(columns: string[], rows: (string | null)[][]) => void} onTable
 * @param {number} room characters
 */
function perform(database, script, onTable, room) {
  const statements = database.iterateStatements(script);
  for (;;) {
    const rest = statements.getRemainingSQL();
    const line = script.slice(0, script.length - rest.length + leading(rest)).split("\n").length;
    try {
      const { value: statement, done } = statements.next();
      if (done) return room;
      /** @type {string[]} */
      const columns = statement.getColumnNames();
      const rows = [];
      while (statement.step()) {
        const row = statement.get(null, { useBigInt: true }).map(cell);
        rows.push(row);
        room -= row.reduce(
          (/** @type {number} */ sum, /** @type {string | null} */ text) => sum + (text?.length ?? 4),
          0,
        );
        if (room < 0)
          throw new RangeError(`stopped: more than ${CHARACTERS.toLocaleString("en")} characters of output`);
      }
      if (columns.length) onTable(columns, rows);
    } catch (/** @type {any} */ error) {
      throw new StatementError(error.message, line);
    }
  }
}

/** The named tests of an exercise: each a comment `-- test: name` with its query. @param {string} tests */
const named = (tests) =>
  tests
    .split(/^\s*--\s*test:/m)
    .slice(1)
    .map((part) => {
      const [name = "", ...query] = part.split("\n");
      return { name: name.trim(), query: query.join("\n") };
    });

/** Whether a query gives rows, and in them nothing but what is true. @param {any} database @param {string} query */
function holds(database, query) {
  /** @type {(string | null)[]} */
  const values = [];
  perform(database, query, (_, rows) => values.push(...rows.flat()), CHARACTERS);
  if (!values.length) return "gave no row";
  const wrong = values.find((value) => value === null || Number(value) === 0 || Number.isNaN(Number(value)));
  return wrong === undefined ? "" : `gave ${wrong ?? "NULL"}`;
}

/** @param {Record<string, any>} parts */
async function boot(parts) {
  guard();
  scope.importScripts(addressOf(parts["sql-wasm.js"]));
  const module = parts["sql-wasm.wasm"];
  const engine = await scope.initSqlJs({
    instantiateWasm(/** @type {any} */ imports, /** @type {Function} */ take) {
      WebAssembly.instantiate(module, imports).then((instance) => take(instance, module));
      return {};
    },
  });
  /** @type {any} */
  let database;

  return async (/** @type {any} */ job, /** @type {(kind: string, data: any) => void} */ emit) => {
    const { code, setup = "", seed = "", tests } = job;
    const show = (/** @type {string[]} */ columns, /** @type {any} */ rows) => emit("table", table(columns, rows));
    const quiet = () => {};
    let at = "demo.sql";
    try {
      if (!database) {
        database = new engine.Database(job.database);
        at = "seed.sql";
        perform(database, seed, quiet, CHARACTERS);
      }
      at = "setup.sql";
      perform(database, setup, quiet, CHARACTERS);
      at = "demo.sql";
      perform(database, code, show, CHARACTERS);
    } catch (/** @type {any} */ error) {
      const line = error.line ?? null;
      const text = `SQLError: ${error.message}${line ? `\n    in the statement at ${at}:${line}` : ""}`;
      emit("error", { type: "SQLError", text, line: at === "demo.sql" ? line : null });
      const message = "not run, because the code ended with an error";
      return {
        ok: false,
        ...(tests !== undefined && { tests: named(tests).map(({ name }) => ({ name, passed: false, message })) }),
      };
    }
    if (tests === undefined) return { ok: true };
    const results = named(tests).map(({ name, query }) => {
      try {
        const message = holds(database, query);
        return { name, passed: !message, message };
      } catch (/** @type {any} */ error) {
        return { name, passed: false, message: error.message };
      }
    });
    return { ok: results.every(({ passed }) => passed), tests: results };
  };
}

serve(boot);
