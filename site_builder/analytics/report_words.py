"""The words of a report, in English and Chinese. What readers and authors wrote is shown as it is."""

from __future__ import annotations

from collections.abc import Callable

from site_builder.analytics.dashboard.words import note as dashboard_note

Say = Callable[[str], str]
"""From the English words to those of the report's language."""

CHINESE = {
    "{since} to {until}": "{since} 至 {until}",
    "Compared with the {days} days before.": "与之前的 {days} 天对比。",
    "Compared with the day before.": "与前一天对比。",
    "No reader was counted in these days. Today is told with --until.": "这几天没有统计到读者。今天的数据要用 --until 查看。",
    "and {more} more": "另有 {more} 项",
    "Change": "变化",
    "as before": "不变",
    "new": "新增",
    "{points} point": "{points} 个百分点",
    "{points} points": "{points} 个百分点",
    "{seconds} s": "{seconds} 秒",
    "{minutes} min {seconds} s": "{minutes} 分 {seconds} 秒",
    "yes": "是",
    "no": "否",
    "Bots are in no number but their own, at the end of the first table.": "机器人只计入第一张表末尾的那一行。",
    # At a glance
    "At a glance": "概览",
    "Visitors": "访客",
    "Page views": "浏览",
    "Active time of a view": "每次浏览的活跃时间",
    "Read down to": "平均读到",
    "Read to the end": "读完",
    "Reactions": "感受",
    "Shares": "分享",
    "Answers to “Was this helpful?”": "“有帮助吗”的回答",
    "Found it helpful": "认为有帮助",
    "Demos run": "运行演示",
    "Exercises tried": "尝试练习",
    "Quizzes answered": "回答测验",
    "Paywalls seen": "看到付费墙",
    "Offers seen": "看到方案",
    "Offers followed": "点击方案",
    "Unlocked": "解锁",
    "Gifts opened": "打开赠阅",
    "Newsletter sign-ups": "订阅邮件",
    "Purchases": "购买",
    "Refunds": "退款",
    "Payments": "付款",
    "Paid": "已付",
    "Given back": "已退",
    "for no offer that is named": "未注明方案",
    "Page views by bots": "机器人浏览",
    # The tables, and what their columns are called
    "Most read": "读得最多",
    "Where they came from": "来源",
    "directly": "直接访问",
    "From the teaser to members": "从试读到会员",
    "Saw a teaser": "看到试读",
    "Saw the paywall": "看到付费墙",
    "Saw an offer": "看到方案",
    "Followed an offer": "点击方案",
    "Courses": "课程",
    "Demos that failed": "出错的演示",
    "Exercises": "练习",
    "Quizzes": "测验",
    "Was it helpful?": "有帮助吗",
    "What readers wrote": "读者留言",
    "How far it was read": "读到哪里",
    "By its headings": "按标题",
    "Its readers also read": "它的读者还读了",
    "Where readers leave ({span} days)": "读者在哪里离开（{span} 天）",
    "Going stale ({span} days)": "正在过时（{span} 天）",
    "Views": "浏览",
    "Readers": "读者",
    "Active": "活跃时间",
    "To the end": "读完",
    "Of all": "占比",
    "Of the step before": "占上一步",
    "Of the first chapter": "占第一章",
    "Runs": "运行",
    "Failed": "出错",
    "Passed": "通过",
    "Hints": "提示",
    "Solutions": "答案",
    "Answers": "回答",
    "Right": "答对",
    "Yes": "是",
    "No": "否",
    "Helpful": "有帮助",
    "Times": "次数",
    "Came": "到达",
    "Read no further": "止步于此",
    "Revised": "修订于",
}


def say_in(language: str) -> Say:
    """In Chinese for Chinese, else in English."""
    return _chinese if _is_chinese(language) else lambda words: words


def note(key: str, language: str) -> str:
    """A note of a table, in words."""
    if key == "bots":
        return say_in(language)("Bots are in no number but their own, at the end of the first table.")
    return dashboard_note(key, "zh" if _is_chinese(language) else "en")


def _is_chinese(language: str) -> bool:
    return language.lower().startswith("zh")


def _chinese(words: str) -> str:
    return CHINESE[words] if words else ""
