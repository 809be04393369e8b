"""The words that mails and the archive page say by themselves, in English and Chinese, and dates as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_EN = {
    "read on": "Read on",
    "read on the web": "Read it on the web",
    "read on with": "Read on with {names}",
    "for": "What follows here is for {names}.",
    "for members": "members",
    "or": " or ",
    "and": ", ",
    "get": "Get {name}",
    "rest": "There is more: the rest of this mail was too long for mail programs.",
    "why": "You get this mail at {address} because you subscribed to {newsletter} or are a member.",
    "unsubscribe": "Unsubscribe",
    "preferences": "Choose what you get",
    "diagram": "A diagram: see it on the web",
    "picture": "A picture: see it on the web",
    "named picture": "Picture: {alt} (see it on the web)",
    "player": "Listen or watch on the web",
    "links": "Links",
    "week": "week {number} of {year}",
    "digest subject": "{newsletter}: {period}",
    "tagged subject": "{newsletter}, {tag}: {period}",
    "archive": "Newsletter",
    "no issues": "No issue has been sent yet.",
}
_ZH = {
    "read on": "继续阅读",
    "read on the web": "在网页上阅读",
    "read on with": "获取{names}，继续阅读",
    "for": "以下内容仅对{names}开放。",
    "for members": "会员",
    "or": "或",
    "and": "、",
    "get": "获取 {name}",
    "rest": "内容未完：余下的部分超出了邮件程序所能显示的长度。",
    "why": "您在 {address} 收到这封邮件，是因为您订阅了{newsletter}，或是它的会员。",
    "unsubscribe": "退订",
    "preferences": "选择接收的内容",
    "diagram": "图表：请在网页上查看",
    "picture": "图片：请在网页上查看",
    "named picture": "图片：{alt}（请在网页上查看）",
    "player": "在网页上收听或观看",
    "links": "链接",
    "week": "{year}年第{number}周",
    "digest subject": "{newsletter}：{period}",
    "tagged subject": "{newsletter}，{tag}：{period}",
    "archive": "邮件通讯",
    "no issues": "还没有发送过任何一期。",
}


def is_chinese(language: str) -> bool:
    return language.lower().split("-")[0] == "zh"


_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "ug", "dv", "ckb"})


def direction(language: str) -> str:
    """``rtl`` for languages that are written from right to left."""
    return "rtl" if language.lower().split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def words(language: str) -> Mapping[str, str]:
    """All of them, in Chinese for Chinese, else in English."""
    return _ZH if is_chinese(language) else _EN


def written_day(day: date, language: str) -> str:
    """``22 November 2026``, or ``2026年11月22日``."""
    if is_chinese(language):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def written_month(day: date, language: str) -> str:
    """``November 2026``, or ``2026年11月``."""
    return f"{day.year}年{day.month}月" if is_chinese(language) else f"{_MONTHS[day.month - 1]} {day.year}"
