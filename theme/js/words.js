// What readers are told, in English and Chinese. Plain text: names that come from a lockbox are put in as they are.

/**
 * @typedef {import("./refusal.js").Code} Code
 * @typedef {"retry" | "unlock" | "pricing" | "account" | "sign-out" | "own-tab" | "https"} Way
 * @typedef {{ have: string, need: string, ended: string, date: string }} About
 * @typedef {[title: string, sentence: string]} Said
 * @typedef {object} Words
 * @property {Record<Code, (about: About) => Said>} refusals
 * @property {Record<Way, string>} ways
 * @property {(name: string) => string} welcome
 * @property {(name: string, date: string) => string} until
 * @property {(name: string) => string} lasting
 * @property {(name: string, date: string) => string} endedOn
 * @property {string} nothingHeld
 * @property {string} and joins names
 * @property {Record<"label" | "hint" | "submit" | "checking" | "back" | "privacy", string>} form
 * @property {Record<"member" | "signedOut" | "holdings" | "signOutHint", string>} account
 * @property {Record<"label" | "hint" | "secret" | "tier" | "member" | "copy" | "copied", string>} feeds
 */

/** @type {Words} */
const en = {
  refusals: {
    mistyped: () => [
      "This token has a typo",
      "A token has 40 characters and starts with mbr_. Copy it once more, whole, from the message that brought it.",
    ],
    unknown: () => [
      "No membership answers to this token",
      "It may have been replaced or ended: use the newest link that you were sent. If you joined only just now, try again a little later.",
    ],
    expired: ({ ended, date }) => [
      date ? `Your access to ${ended} ended on ${date}` : `Your access to ${ended} has ended`,
      "Once it is renewed, this page opens again with the token that you have.",
    ],
    "tier-too-low": ({ have, need }) => [
      "Your membership does not include this part",
      have ? `You have ${have}. This part is for ${need}.` : `This part is for ${need}.`,
    ],
    network: () => ["The site could not be reached", "Nothing is lost. Check the connection and try again."],
    damaged: () => [
      "This part could not be opened",
      "Its file is damaged or not the one that belongs here. The site may just be being updated: try again in a minute, and tell the author if it stays so.",
    ],
    "older-copy": () => [
      "This is an older copy of the site",
      "This browser has already seen a newer one, so nothing is opened. Try again; if it stays so, sign out and use your link once more.",
    ],
    "no-webcrypto": () => [
      "This page did not come over a secure connection",
      "Without https the browser withholds the cryptography (WebCrypto) that opens members' parts.",
    ],
    framed: () => [
      "Nothing is opened inside another page",
      "To keep your key safe, members' parts open only in a tab of their own.",
    ],
    "no-storage": () => [
      "This browser does not let the site remember you",
      "Your key is kept in the browser's own storage (IndexedDB), and that is switched off here, as in some private windows. Use an ordinary window, or allow site data.",
    ],
  },
  ways: {
    retry: "Try again",
    unlock: "Use another token",
    pricing: "See what is on offer",
    account: "Your membership",
    "sign-out": "Sign out",
    "own-tab": "Open in a tab of its own",
    https: "Open over https",
  },
  welcome: (name) => (name ? `Welcome, ${name}` : "Welcome"),
  until: (name, date) => `${name} until ${date}`,
  lasting: (name) => `${name}, without end`,
  endedOn: (name, date) => (date ? `${name}: ended on ${date}` : `${name}: ended`),
  nothingHeld: "There is nothing in it yet.",
  and: ", ",
  form: {
    label: "Your membership token",
    hint: "Paste the token or the whole link from your mail. It starts with mbr_.",
    submit: "Unlock",
    checking: "Looking for your membership …",
    back: "Back to where you were",
    privacy:
      "The token stays in this browser, which keeps only a key that nobody can read out. A link may stay in the browser's history; pasting leaves no trace there.",
  },
  account: {
    member: "Member",
    signedOut: "You are not signed in on this device.",
    holdings: "What you have",
    signOutHint:
      "Signing out removes your key from this browser and closes what is open in all tabs. Your token stays valid.",
  },
  feeds: {
    label: "In your feed reader",
    hint: "New articles in full: add the address to your feed reader.",
    secret: "Whoever has it can read all of that without signing in, so keep it to yourself.",
    tier: "It ends with your membership, and changes whenever one like yours has ended. If nothing new arrives any more, come back for the new address.",
    member: "It is yours alone, and ends with your membership or when you are given another token.",
    copy: "Copy the address",
    copied: "Copied",
  },
};

/** @type {Words} */
const zh = {
  refusals: {
    mistyped: () => ["令牌有误", "令牌共 40 个字符，以 mbr_ 开头。请从收到的邮件中重新完整复制。"],
    unknown: () => [
      "没有找到与此令牌对应的会员",
      "它可能已被更换或终止，请使用最近收到的链接。如果您刚刚加入，请稍后再试。",
    ],
    expired: ({ ended, date }) => [
      date ? `您的“${ended}”已于 ${date}到期` : `您的“${ended}”已到期`,
      "续订之后，用现有的令牌即可再次打开本页。",
    ],
    "tier-too-low": ({ have, need }) => [
      "您的会员资格不包含这一部分",
      have ? `您已拥有：${have}。这一部分面向：${need}。` : `这一部分面向：${need}。`,
    ],
    network: () => ["无法连接到网站", "内容没有丢失。请检查网络，然后重试。"],
    damaged: () => [
      "这一部分无法打开",
      "文件已损坏，或不是此处应有的文件。网站可能正在更新：请一分钟后重试；若仍然如此，请告知作者。",
    ],
    "older-copy": () => [
      "这是网站的旧副本",
      "此浏览器已见过更新的版本，因此没有打开内容。请重试；若仍然如此，请退出后再用您的链接打开。",
    ],
    "no-webcrypto": () => [
      "本页未通过安全连接加载",
      "没有 https，浏览器就不提供打开会员内容所需的加密功能（WebCrypto）。",
    ],
    framed: () => ["不在其他网页的框架内打开", "为保护您的密钥，会员内容只在独立的标签页中打开。"],
    "no-storage": () => [
      "此浏览器不允许网站记住您",
      "您的密钥保存在浏览器自身的存储（IndexedDB）中，而它在这里被关闭了，某些无痕窗口就是如此。请使用普通窗口，或允许保存网站数据。",
    ],
  },
  ways: {
    retry: "重试",
    unlock: "使用其他令牌",
    pricing: "查看会员方案",
    account: "我的会员资格",
    "sign-out": "退出",
    "own-tab": "在独立标签页中打开",
    https: "通过 https 打开",
  },
  welcome: (name) => (name ? `欢迎，${name}` : "欢迎"),
  until: (name, date) => `${name}，有效期至 ${date}`,
  lasting: (name) => `${name}，长期有效`,
  endedOn: (name, date) => (date ? `${name}，已于 ${date}到期` : `${name}，已到期`),
  nothingHeld: "其中还没有内容。",
  and: "、",
  form: {
    label: "您的会员令牌",
    hint: "粘贴邮件中的令牌或整个链接。令牌以 mbr_ 开头。",
    submit: "解锁",
    checking: "正在查找您的会员资格……",
    back: "回到刚才的页面",
    privacy: "令牌不会离开此浏览器；浏览器只保留一把无法读出的密钥。链接可能留在浏览器的历史记录里，粘贴则不会。",
  },
  account: {
    member: "会员",
    signedOut: "您尚未在此设备上登录。",
    holdings: "您拥有的内容",
    signOutHint: "退出会从此浏览器删除您的密钥，并在所有标签页中关闭已打开的内容。您的令牌仍然有效。",
  },
  feeds: {
    label: "在阅读器中订阅",
    hint: "新文章的全文：请将地址添加到您的订阅阅读器。",
    secret: "任何拥有此地址的人无需登录即可阅读全部内容，请勿外传。",
    tier: "它随您的会员资格一同失效；每当有同类会员资格终止时，它也会更换。如果不再收到新内容，请回到这里获取新地址。",
    member: "它只属于您，随您的会员资格一同失效，更换令牌后也会失效。",
    copy: "复制地址",
    copied: "已复制",
  },
};

/** The language around an element, as a language tag. @param {Element} element */
const languageOf = (element) => element.closest("[lang]")?.getAttribute("lang") ?? "en";

/** The words for where an element stands: Chinese where the nearest `lang` says so, else English. @param {Element} element */
export const wordsFor = (element) => (/^zh\b/i.test(languageOf(element)) ? zh : en);

/** A last day of access, or "" where there is no end. @param {Element} element @param {number} day since 1970-01-01 */
export function dateFor(element, day) {
  if (!day) return "";
  const language = wordsFor(element) === zh ? "zh-Hans" : "en-GB";
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(day * 86_400_000);
}

/** One line on what somebody has or had. @param {Element} element @param {import("./refusal.js").Holding} holding */
export function holdingFor(element, { name, active, lastDay }) {
  const words = wordsFor(element);
  const date = dateFor(element, lastDay);
  if (!active) return words.endedOn(name, date);
  return date ? words.until(name, date) : words.lasting(name);
}
