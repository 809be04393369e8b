"""What hooks say to readers, in English and Chinese; for the template ``partials/engagement-hooks.html``."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

_ENGLISH = {
    "hooks": "What you think",
    "reaction": "Your reaction",
    "like": "Useful",
    "love": "Love it",
    "thanks": "Thank you",
    "insightful": "Learned something",
    "surprising": "Surprising",
    "confusing": "Confusing",
    "feedback": "Was this helpful?",
    "yes": "Yes",
    "no": "No",
    "why": "What was good, or what is missing? The author reads it; leave out who you are.",
    "send": "Send",
    "thank": "Thank you.",
    "share": "Share",
    "native": "Share …",
    "copy": "Copy the link",
    "copied": "Copied.",
    "email": "By e-mail",
    "weibo": "Weibo",
    "ask": "May this site count what you read? It sets no cookie and tells nobody else; if you are a member, it learns that it"
    " was you.",
    "ask others": "May this site count what you read? Your visit is told to %s as well; if you are a member, this site learns"
    " that it was you.",
    "agree": "Yes, count me",
    "refuse": "No",
}
_CHINESE = {
    "hooks": "您的看法",
    "reaction": "您的感受",
    "like": "有用",
    "love": "喜欢",
    "thanks": "感谢",
    "insightful": "学到了",
    "surprising": "出乎意料",
    "confusing": "没看懂",
    "feedback": "这篇文章对您有帮助吗？",
    "yes": "有",
    "no": "没有",
    "why": "哪里写得好，或者缺少什么？作者会读到；请不要写个人信息。",
    "send": "发送",
    "thank": "谢谢。",
    "share": "分享",
    "native": "分享……",
    "copy": "复制链接",
    "copied": "已复制。",
    "email": "用邮件发送",
    "weibo": "微博",
    "ask": "可以让本站统计您的阅读吗？不使用 Cookie，也不告诉他人；如果您是会员，本站会知道是您。",
    "ask others": "可以让本站统计您的阅读吗？您的访问也会告知 %s；如果您是会员，本站会知道是您。",
    "agree": "可以",
    "refuse": "不可以",
}
SIGNS: Mapping[str, str] = {
    "like": "👍",
    "love": "❤️",
    "thanks": "🙏",
    "insightful": "💡",
    "surprising": "😮",
    "confusing": "😕",
}
_NAMES = {
    "bluesky": "Bluesky",
    "hackernews": "Hacker News",
    "linkedin": "LinkedIn",
    "reddit": "Reddit",
    "telegram": "Telegram",
    "x": "X",
}
# Where each takes a link, as their own buttons do it.
_ADDRESSES = {
    "email": "mailto:?subject={title}&body={url}",
    "bluesky": "https://bsky.app/intent/compose?text={title}%20{url}",
    "hackernews": "https://news.ycombinator.com/submitlink?u={url}&t={title}",
    "linkedin": "https://www.linkedin.com/sharing/share-offsite/?url={url}",
    "reddit": "https://www.reddit.com/submit?url={url}&title={title}",
    "telegram": "https://t.me/share/url?url={url}&text={title}",
    "weibo": "https://service.weibo.com/share/share.php?url={url}&title={title}",
    "x": "https://x.com/intent/post?url={url}&text={title}",
}


def engagement_words(language: str) -> Mapping[str, str]:
    """The words for a page in that language: in Chinese for Chinese, else in English. ``lang`` is which of them."""
    chinese = language.lower().startswith("zh")
    return {**_NAMES, **(_CHINESE if chinese else _ENGLISH), "lang": "zh" if chinese else "en"}


def share_address(to: str, url: str, title: str) -> str:
    """The address that passes the page at ``url`` on; empty for what only a script can do."""
    return _ADDRESSES.get(to, "").format(url=quote(url, safe=""), title=quote(title, safe=""))
