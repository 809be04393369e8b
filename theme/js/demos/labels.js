// The words of a demo's toolbar, which is there before anything else is loaded.

const en = {
  run: "Run",
  check: "Check",
  edit: "Edit",
  stop: "Stop",
  reset: "Reset",
  copy: "Copy",
  share: "Share",
  auto: "Run the demos of this page automatically",
  keys: (/** @type {string} */ key) => `${key}+Enter: run · Esc: stop, leave`,
  group: (/** @type {string} */ name) => `${name} demo`,
  parts: "Parts of the page",
  loading: "Loading …",
  failed: "This could not be loaded. Check the connection and try again.",
};

/** @type {typeof en} */
const zh = {
  run: "运行",
  check: "检查",
  edit: "编辑",
  stop: "停止",
  reset: "还原",
  copy: "复制",
  share: "分享",
  auto: "自动运行本页的示例",
  keys: (key) => `${key}+Enter 运行 · Esc 停止或离开`,
  group: (name) => `${name} 示例`,
  parts: "页面的组成部分",
  loading: "正在加载……",
  failed: "加载失败。请检查网络，然后重试。",
};

/** @param {Element} element */
export const isChinese = (element) => /^zh\b/i.test(element.closest("[lang]")?.getAttribute("lang") ?? "");

/** @param {Element} element */
export const labelsFor = (element) => (isChinese(element) ? zh : en);

/** Languages have one name in all languages. */
export const NAMES = { python: "Python", js: "JavaScript", html: "HTML", sql: "SQL", css: "CSS" };
