"""The few words that feeds say by themselves, in the language of what they stand beside."""

from __future__ import annotations

from typing import Literal

_WORDS = {
    "en": {
        "read on": "Read on",
        "read on as a member": "Read on (for members)",
        "category": "{name}",
        "tag": "Tagged {name}",
        "author": "By {name}",
        "course": "{name}",
        "language": "{name}",
        "site": "",
        "email": "",
        "podcast": "",
        "picture": "A picture: see it on the web",
        "named picture": "Picture: {alt} (see it on the web)",
        "this is a feed": "This is a feed. Copy the address of this page into a feed reader to be told of new articles.",
    },
    "zh": {
        "read on": "继续阅读",
        "read on as a member": "继续阅读（会员）",
        "category": "{name}",
        "tag": "标签：{name}",
        "author": "作者：{name}",
        "course": "{name}",
        "language": "{name}",
        "site": "",
        "email": "",
        "podcast": "",
        "picture": "图片：请在网页上查看",
        "named picture": "图片：{alt}（请在网页上查看）",
        "this is a feed": "这是一个订阅源。把本页地址复制到阅读器中，即可收到新文章。",
    },
}
_LANGUAGES = {"en": "English", "zh": "中文", "de": "Deutsch", "fr": "Français", "es": "Español", "ja": "日本語"}

Word = Literal["read on", "read on as a member", "picture", "named picture", "this is a feed"]


def words(word: Word, language: str) -> str:
    """One of the words, in Chinese for Chinese, else in English."""
    return _of(language)[word]


def feed_title(scope: str, name: str, site: str, language: str) -> str:
    """What a feed is called: what sets it apart first, since feed readers cut long titles."""
    if scope == "language":
        name = _LANGUAGES.get(name.lower().split("-")[0], name)
    apart = _of(language)[scope].format(name=name)
    return f"{apart} – {site}" if apart else site


def _of(language: str) -> dict[str, str]:
    return _WORDS["zh" if language.lower().startswith("zh") else "en"]
