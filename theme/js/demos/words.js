// What a demo says once it is used; its toolbar's words are in labels.js.

import { isChinese } from "./labels.js";

/** @typedef {import("./versions.js").Name} Name */

const en = {
  loading: (/** @type {string} */ what) => `Loading ${what}`,
  bytes: (/** @type {string} */ loaded, /** @type {string} */ total) => `${loaded} of ${total} MB`,
  opening: "Opening the editor …",
  starting: "Starting …",
  running: "Running …",
  before: "Running what comes before it …",
  done: (/** @type {string} */ seconds) => `Done in ${seconds} s`,
  live: "The page is live",
  ended: (/** @type {string} */ seconds) => `Ended with an error after ${seconds} s`,
  stopped: {
    stop: "Stopped.",
    timeout: "Stopped: it took longer than it may.",
    output: "Stopped: it put out more than a page can show.",
    memory: "Stopped: it wanted more memory than it may have.",
    crash: "It ended all at once, most likely for want of memory. Run it again to begin anew.",
  },
  failed: "This could not be loaded. Check the connection and try again.",
  fileFailed: (/** @type {string} */ name) => `The file ${name} could not be read. Check the connection and try again.`,
  setupFailed: "What this demo needs to have been run before it ended with an error:",
  nothing: "It put out nothing.",
  input: "Input",
  inputHint: "What the program asks for, one line each time. Fill in before you run it.",
  picture: "Picture drawn by this demo",
  more: (/** @type {number} */ count) => `… ${count} more rows`,
  line: (/** @type {number} */ number) => `Line ${number}`,
  code: (/** @type {string} */ language) => `${language} code`,
  copied: "Copied",
  notCopied: "The browser did not let it be copied.",
  linkCopied: "The link with this code is copied.",
  link: "Link with this code",
  tests: (/** @type {number} */ passed, /** @type {number} */ all) => `${passed} of ${all} tests passed`,
  allPassed: "All tests passed",
  passed: "passed",
  failedTest: "failed",
  noTests: "The tests could not be run.",
  solutionOpen: "The solution can be opened now.",
  triesLeft: (/** @type {number} */ count) =>
    count === 1
      ? "After one more try the solution can be opened."
      : `After ${count} more tries the solution can be opened.`,
  foreign: "This code came with a link: it is not the author's. It runs when you press Run.",
  foreignDamaged: "The code in this link is damaged, so here is the author's.",
  mine: "Your version, kept in this browser.",
  older: "Your earlier version. It is kept only while this page is open.",
  author: "The author's code.",
  outdated: "Your version. The author has changed the code since you began it.",
  show: /** @type {Record<Name, string>} */ ({
    author: "Show the author's",
    mine: "Show yours",
    older: "Show your earlier one",
    link: "Show the link's",
  }),
};

/** @type {typeof en} */
const zh = {
  loading: (what) => `正在加载 ${what}`,
  bytes: (loaded, total) => `${loaded} / ${total} MB`,
  opening: "正在打开编辑器……",
  starting: "正在启动……",
  running: "正在运行……",
  before: "正在运行前面的代码……",
  done: (seconds) => `完成，用时 ${seconds} 秒`,
  live: "页面正在运行",
  ended: (seconds) => `${seconds} 秒后出错`,
  stopped: {
    stop: "已停止。",
    timeout: "已停止：运行时间超过上限。",
    output: "已停止：输出超过页面可显示的上限。",
    memory: "已停止：所需内存超过上限。",
    crash: "程序突然终止，很可能是内存不足。再次运行即可重新开始。",
  },
  failed: "加载失败。请检查网络，然后重试。",
  fileFailed: (name) => `无法读取文件 ${name}。请检查网络，然后重试。`,
  setupFailed: "此示例之前必须运行的代码出错：",
  nothing: "没有输出。",
  input: "输入",
  inputHint: "程序要求的输入，每次一行。请在运行前填写。",
  picture: "此示例绘制的图",
  more: (count) => `……另有 ${count} 行`,
  line: (number) => `第 ${number} 行`,
  code: (language) => `${language} 代码`,
  copied: "已复制",
  notCopied: "浏览器不允许复制。",
  linkCopied: "含有此代码的链接已复制。",
  link: "含有此代码的链接",
  tests: (passed, all) => `${all} 项测试通过 ${passed} 项`,
  allPassed: "测试全部通过",
  passed: "通过",
  failedTest: "未通过",
  noTests: "测试无法运行。",
  solutionOpen: "现在可以查看参考答案。",
  triesLeft: (count) => `再试 ${count} 次后可以查看参考答案。`,
  foreign: "此代码来自链接，并非作者所写。按“运行”后才会运行。",
  foreignDamaged: "链接中的代码已损坏，这里显示作者的代码。",
  mine: "您的版本，保存在此浏览器中。",
  older: "您先前的版本，仅在本页打开期间保留。",
  author: "作者的代码。",
  outdated: "您的版本。您开始修改之后，作者更新了代码。",
  show: { author: "显示作者的版本", mine: "显示您的版本", older: "显示您先前的版本", link: "显示链接中的版本" },
};

/** @typedef {typeof en} Words */

/** @param {Element} element */
export const wordsFor = (element) => (isChinese(element) ? zh : en);

/** Seconds or megabytes as the page's language writes them. @param {Element} element @param {number} value */
export function numberFor(element, value) {
  const digits = value < 0.1 ? 2 : 1;
  const format = { maximumFractionDigits: digits, minimumFractionDigits: digits };
  return new Intl.NumberFormat(isChinese(element) ? "zh-Hans" : "en-GB", format).format(value);
}
