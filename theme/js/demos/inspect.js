// A value as text, for a demo's console: the same in each browser and in Node, so that what a page shows can be checked.

const WIDTH = 76;
const DEPTH = 3;
const ITEMS = 100;
const CHARACTERS = 10_000;

/**
 * `Map`'s size of a value, and so on: undefined for what is no Map, whatever it calls itself.
 *
 * @param {object} prototype @param {string} name @param {unknown} value @returns {any}
 */
function brand(prototype, name, value) {
  const property = Object.getOwnPropertyDescriptor(prototype, name);
  try {
    return (property?.get ?? property?.value)?.call(value);
  } catch {
    return undefined;
  }
}

/** @param {unknown} value @returns {value is Error} */
export const isError = (value) =>
  value instanceof Error || /^\[object (Error|DOMException)\]$/.test(Object.prototype.toString.call(value));

/**
 * What an error is called: a class of one's own is told by its name even where it sets none.
 *
 * @param {Error} error
 */
export function errorName(error) {
  const name = String(error.name || "Error");
  return name === "Error" ? error.constructor?.name || name : name;
}

/** @param {string} text */
const quoted = (text) => {
  const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes("`") ? "`" : "'";
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return mark + (mark === "'" ? inner.replaceAll("'", "\\'") : inner) + mark;
};

/** @param {unknown} value */
function simple(value) {
  switch (typeof value) {
    case "string":
      return quoted(value.length > CHARACTERS ? `${value.slice(0, CHARACTERS)}…` : value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    default:
      return String(value);
  }
}

/** @param {Function} value */
function callable(value) {
  const text = Function.prototype.toString.call(value);
  const kind = /^class\b/.test(text) ? "class" : (Object.prototype.toString.call(value).slice(8, -1) ?? "Function");
  if (kind === "class") {
    const parent = Object.getPrototypeOf(value)?.name;
    return `[class ${value.name || "(anonymous)"}${parent ? ` extends ${parent}` : ""}]`;
  }
  return value.name ? `[${kind}: ${value.name}]` : `[${kind} (anonymous)]`;
}

/** @param {object} value the name of its class, empty for a plain object or array */
function title(value) {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return "[Object: null prototype]";
  const name = prototype.constructor?.name || "Object";
  return name === "Object" || name === "Array" ? "" : name;
}

/** @param {PropertyKey} key */
const keyText = (key) =>
  typeof key === "symbol"
    ? `[${String(key)}]`
    : /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(String(key))
      ? String(key)
      : quoted(String(key));

/**
 * What a value holds, each entry as text.
 *
 * @param {any} value @param {(inner: unknown) => string} inside @returns {{ head: string, open: string, entries: string[], list: boolean }}
 */
function parts(value, inside) {
  const name = title(value);
  const list =
    Array.isArray(value) || brand(Object.getPrototypeOf(Uint8Array.prototype), "length", value) !== undefined;
  /** @type {string[]} */
  const entries = [];
  let head = name;
  if (list) {
    const { length } = value;
    head = name ? `${name}(${length})` : "";
    let holes = 0;
    const close = () => {
      if (holes) entries.push(`<${holes} empty item${holes > 1 ? "s" : ""}>`);
      holes = 0;
    };
    let index = 0;
    for (; index < length && entries.length < ITEMS; index++) {
      if (index in value) {
        close();
        entries.push(inside(value[index]));
      } else holes++;
    }
    close();
    if (index < length) entries.push(`... ${length - index} more item${length - index > 1 ? "s" : ""}`);
  }
  const pairs = brand(Map.prototype, "size", value);
  if (pairs !== undefined) {
    head = `${name}(${pairs})`;
    for (const [key, item] of Map.prototype.entries.call(value)) entries.push(`${inside(key)} => ${inside(item)}`);
  }
  const members = brand(Set.prototype, "size", value);
  if (members !== undefined) {
    head = `${name}(${members})`;
    for (const item of Set.prototype.values.call(value)) entries.push(inside(item));
  }
  const keys = Reflect.ownKeys(value).filter((key) => {
    if (list && typeof key === "string" && /^\d+$/.test(key)) return false;
    return Object.getOwnPropertyDescriptor(value, key)?.enumerable;
  });
  for (const key of keys) {
    const property = Object.getOwnPropertyDescriptor(value, key);
    const text =
      property && "value" in property ? inside(property.value) : property?.set ? "[Getter/Setter]" : "[Getter]";
    entries.push(`${keyText(key)}: ${text}`);
  }
  if (!list && entries.length > ITEMS) entries.splice(ITEMS, Infinity, `... ${entries.length - ITEMS} more items`);
  return { head, open: list ? "[" : "{", entries, list };
}

/**
 * The text that stands for a whole value of a built-in kind, if it is one.
 *
 * @param {any} value
 */
function builtIn(value) {
  if (isError(value)) return `[${errorName(value)}${value.message ? `: ${value.message}` : ""}]`;
  const time = brand(Date.prototype, "getTime", value);
  if (time !== undefined) return Number.isNaN(time) ? "Invalid Date" : new Date(time).toISOString();
  if (
    brand(RegExp.prototype, "source", value) !== undefined &&
    Object.prototype.toString.call(value) === "[object RegExp]"
  )
    return RegExp.prototype.toString.call(value);
  for (const kind of [Number, String, Boolean, Symbol, BigInt]) {
    const inner = brand(kind.prototype, "valueOf", value);
    if (inner !== undefined) return `[${kind.name}: ${simple(inner)}]`;
  }
  const bytes = brand(ArrayBuffer.prototype, "byteLength", value);
  if (bytes !== undefined) return `ArrayBuffer { byteLength: ${bytes} }`;
  if (/^\[object Weak(Map|Set|Ref)\]$/.test(Object.prototype.toString.call(value)))
    return `${title(value)} { <items unknown> }`;
  return "";
}

/**
 * A value as a console shows it.
 *
 * @param {unknown} value @param {number} [depth] so deep are objects opened @returns {string}
 */
export function inspect(value, depth = DEPTH) {
  return show(value, depth, 0, []);
}

/** @param {any} value @param {number} depth @param {number} indent @param {unknown[]} around @returns {string} */
function show(value, depth, indent, around) {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return simple(value);
  if (around.includes(value)) return "[Circular]";
  try {
    const whole = typeof value === "function" ? callable(value) : builtIn(value);
    if (whole && !Object.keys(value).length) return whole;
    if (whole && typeof value !== "function" && !isError(value)) return whole;
    if (around.length >= depth) return whole || (Array.isArray(value) ? "[Array]" : `[${title(value) || "Object"}]`);
    const { head, open, entries, list } = parts(value, (inner) => show(inner, depth, indent + 2, [...around, value]));
    const before = whole || head;
    return (before ? `${before} ` : "") + joined(entries, open, open === "[" ? "]" : "}", indent, list);
  } catch (error) {
    return `[cannot be shown: ${isError(error) ? error.message : "it threw"}]`;
  }
}

/** @param {string[]} entries @param {string} open @param {string} close @param {number} indent @param {boolean} list */
function joined(entries, open, close, indent, list) {
  if (!entries.length) return open + close;
  const line = `${open} ${entries.join(", ")} ${close}`;
  if (line.length + indent <= WIDTH && !line.includes("\n")) return line;
  const margin = " ".repeat(indent + 2);
  /** @type {string[]} */
  const lines = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    // Short items of a list share lines; all else has a line each.
    const short = list && entry.length <= 16 && !entry.includes("\n");
    if (short && last !== undefined && margin.length + last.length + entry.length + 3 <= WIDTH && !last.includes("\n"))
      lines[lines.length - 1] = `${last}, ${entry}`;
    else lines.push(entry);
  }
  return `${open}\n${margin}${lines.join(`,\n${margin}`)}\n${" ".repeat(indent)}${close}`;
}

/**
 * What `console.log` makes of its arguments, with `%s` and its kind in the first.
 *
 * @param {unknown[]} values
 */
export function format(values) {
  const rest = [...values];
  /** @type {string[]} */
  const words = [];
  if (typeof rest[0] === "string" && rest.length > 1) {
    const text = /** @type {string} */ (rest.shift());
    words.push(
      text.replace(/%([sdifjoOc%])/g, (mark, kind) => {
        if (kind === "%") return "%";
        if (!rest.length) return mark;
        const value = rest.shift();
        if (kind === "c") return "";
        if (kind === "s")
          return typeof value === "string" ? value : typeof value === "object" ? inspect(value, 1) : simple(value);
        if (kind === "d")
          return typeof value === "object" ? "NaN" : simple(typeof value === "bigint" ? value : Number(value));
        if (kind === "i") return simple(typeof value === "bigint" ? value : Number.parseInt(String(value), 10));
        if (kind === "f") return simple(Number.parseFloat(String(value)));
        if (kind === "j") return JSON.stringify(value) ?? "undefined";
        return inspect(value);
      }),
    );
  }
  return [...words, ...rest.map((value) => (typeof value === "string" ? value : inspect(value)))].join(" ");
}
